"""From a provider's word to a claim: the marks by which the same person is known again, and nothing that names them."""

from datetime import date

import pytest

from civicvote.domain.accounts.providers import ProvidedResidency
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.verification.identity import BirthDateUnreadable, LegalNameMissing, name_and_birth_mark
from civicvote.domain.verification.kinds import MarkKind, VerificationChannel
from civicvote.domain.verification.provided import claim_of
from civicvote.kernel.keys import KeyRing

KEYS = KeyRing(secret_key="s" * 40, identity_key="i" * 40)
TODAY = date(2026, 11, 23)


def said(
    *, identifier: str = "ci", name: str | None = "홍길동", birth_date: str | None = "1950-03-07"
) -> ProvidedResidency:
    return ProvidedResidency(
        region_slug="gwangju",
        residency_class=ResidencyClass.WORK,
        assurance=Assurance.IDENTITY_PROVIDER,
        identifier=identifier,
        name=name,
        birth_date=birth_date,
    )


def test_identifier_name_and_birth_date_become_two_marks() -> None:
    claim = claim_of(said(), keys=KEYS, region_id=1, today=TODAY)
    assert (claim.channel, claim.residency_class) == (VerificationChannel.PROVIDER, ResidencyClass.WORK)
    assert [mark.kind for mark in claim.marks] == [MarkKind.PROVIDER, MarkKind.NAME_AND_BIRTH]
    assert claim.born_on == date(1950, 3, 7)
    assert "홍길동" not in repr(claim)


def test_the_second_mark_is_the_one_that_desks_and_letters_make() -> None:
    claim = claim_of(said(name="홍 길동", birth_date="1950. 3. 7."), keys=KEYS, region_id=1, today=TODAY)
    at_the_desk = name_and_birth_mark(KEYS, region_id=1, name="홍길동", born_on=date(1950, 3, 7))
    assert claim.marks[1] == at_the_desk


def test_the_identifier_alone_makes_one_mark_and_regions_can_not_be_compared() -> None:
    here = claim_of(said(name=None, birth_date=None), keys=KEYS, region_id=1, today=TODAY)
    there = claim_of(said(name=None, birth_date=None), keys=KEYS, region_id=2, today=TODAY)
    assert len(here.marks) == 1
    assert here.born_on is None
    assert here.marks != there.marks


@pytest.mark.parametrize("birth_date", ["0000-03-07", "1950", "1950-02-30", "2026-11-24", "50-03-07"])
def test_a_birth_date_that_is_none_is_no_claim(birth_date: str) -> None:
    with pytest.raises(BirthDateUnreadable):
        claim_of(said(birth_date=birth_date), keys=KEYS, region_id=1, today=TODAY)


def test_a_name_without_letters_is_no_claim() -> None:
    with pytest.raises(LegalNameMissing):
        claim_of(said(name="***"), keys=KEYS, region_id=1, today=TODAY)
