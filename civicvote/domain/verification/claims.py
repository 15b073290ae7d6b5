"""What a channel says about a person, before it is weighed by the region's rules and compared with other accounts."""

from dataclasses import dataclass
from datetime import date

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.identity import Mark
from civicvote.domain.verification.kinds import VerificationChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A person's residency as a desk, a provider, a letter or a roll gives it. ``marks``: at least one wherever the
    channel knows the identity; a provider that also tells name and birth date gives two."""

    channel: VerificationChannel
    residency_class: ResidencyClass
    assurance: Assurance
    marks: tuple[Mark, ...]
    born_on: date | None = None
    birth_year: int | None = None
    district_code: str | None = None
    excluded_as: ExcludedGroup | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a claim: confirmed, or (``clash_id``) waiting for an administrator because another account
    carries the identity. ``excluded_as``: confirmed, but without a ballot."""

    clash_id: int | None
    excluded_as: ExcludedGroup | None

    @property
    def is_confirmed(self) -> bool:
        return self.clash_id is None
