"""Claims of a test, as a desk or a provider would make them."""

from datetime import date
from typing import Any

from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.regions.models import Region
from civicvote.domain.regions.queries import RegionScope, region_scope
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.identity import Mark, name_and_birth_mark, provider_mark
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.kernel.keys import KeyRing

KEYS = KeyRing("a secret key of tests, long enough", "an identity key of tests, long enough")
BORN_ON = date(1958, 3, 7)


def scope_of(region: Region) -> RegionScope:
    return region_scope(region.slug)


def name_mark(region_id: int, name: str = "홍길동", born_on: date = BORN_ON) -> Mark:
    return name_and_birth_mark(KEYS, region_id=region_id, name=name, born_on=born_on)


def desk_claim(region_id: int, name: str = "홍길동", born_on: date = BORN_ON, **changes: Any) -> Claim:
    """What a clerk saw on somebody's identity card."""
    values: dict[str, Any] = {
        "channel": VerificationChannel.DESK,
        "residency_class": ResidencyClass.ADDRESS,
        "assurance": Assurance.IN_PERSON,
        "marks": (name_mark(region_id, name, born_on),),
        "born_on": born_on,
        "evidence": "주민등록증",
    }
    return Claim(**(values | changes))


def provider_claim(region_id: int, identifier: str, **changes: Any) -> Claim:
    """What an identity provider says that tells an identifier only."""
    values: dict[str, Any] = {
        "channel": VerificationChannel.PROVIDER,
        "residency_class": ResidencyClass.ADDRESS,
        "assurance": Assurance.IDENTITY_PROVIDER,
        "marks": (provider_mark(KEYS, region_id=region_id, identifier=identifier),),
    }
    return Claim(**(values | changes))
