"""From what an identity provider says to a claim."""

from datetime import date

from civicvote.domain.accounts.providers import ProvidedResidency
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.identity import name_and_birth_mark, provider_mark, read_birth_date
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.kernel.keys import KeyRing


def claim_of(residency: ProvidedResidency, *, keys: KeyRing, region_id: int, today: date) -> Claim:
    """The claim with the marks of the provider's identifier and, where they came too, of name and birth date.

    Raises ``BirthDateUnreadable``, ``LegalNameMissing``."""
    marks = [provider_mark(keys, region_id=region_id, identifier=residency.identifier)]
    born_on = None
    if residency.name and residency.birth_date:
        born_on = read_birth_date(residency.birth_date, today=today)
        marks.append(name_and_birth_mark(keys, region_id=region_id, name=residency.name, born_on=born_on))
    return Claim(
        channel=VerificationChannel.PROVIDER,
        residency_class=residency.residency_class,
        assurance=residency.assurance,
        marks=tuple(marks),
        born_on=born_on,
    )
