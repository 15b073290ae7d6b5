"""What a channel says about a person, before it is weighed by the region's rules and compared with other accounts."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.identity import Mark
from civicvote.domain.verification.kinds import MarkKind, VerificationChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A person's residency as a desk, a provider, a letter or a roll gives it. ``marks``: at least one, or nobody could
    tell the person from others; a provider that also tells name and birth date gives two. ``birth_year`` is needed
    only where the day of birth is not known."""

    channel: VerificationChannel
    residency_class: ResidencyClass
    assurance: Assurance
    marks: tuple[Mark, ...]
    born_on: date | None = None
    birth_year: int | None = None
    district_code: str | None = None
    excluded_as: ExcludedGroup | None = None
    evidence: str = ""

    def __post_init__(self) -> None:
        if not self.marks:
            raise ValueError("a claim without a mark can't be compared with other accounts")

    @property
    def year_of_birth(self) -> int | None:
        return self.born_on.year if self.born_on else self.birth_year

    @property
    def day_of_birth(self) -> date | None:
        """Where only the year is known, its last day: nobody counts as older than they surely are."""
        return self.born_on or (date(self.birth_year, 12, 31) if self.birth_year else None)


def write(claim: Claim) -> dict[str, Any]:
    """The claim as plain JSON values, to wait for a decision."""
    return asdict(claim) | {"born_on": claim.born_on.isoformat() if claim.born_on else None}


def read(values: dict[str, Any]) -> Claim:
    """What ``write`` wrote."""
    return Claim(
        channel=VerificationChannel(values["channel"]),
        residency_class=ResidencyClass(values["residency_class"]),
        assurance=Assurance(values["assurance"]),
        marks=tuple(Mark(MarkKind(mark["kind"]), mark["identity_hash"]) for mark in values["marks"]),
        born_on=date.fromisoformat(values["born_on"]) if values["born_on"] else None,
        birth_year=values["birth_year"],
        district_code=values["district_code"],
        excluded_as=ExcludedGroup(values["excluded_as"]) if values["excluded_as"] else None,
        evidence=values["evidence"],
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a claim: confirmed, or (``clash_id``) waiting for an administrator because another account
    carries the identity. ``excluded_as``: confirmed, but without a ballot."""

    clash_id: int | None
    excluded_as: ExcludedGroup | None

    @property
    def is_confirmed(self) -> bool:
        return self.clash_id is None
