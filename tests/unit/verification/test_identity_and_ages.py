"""Normal forms of identities, ages in full years, and what a region's rules say of somebody."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification import claims
from civicvote.domain.verification.ages import age_on, day_to_keep, latest_birth, months_later
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.identity import (
    BirthDateUnreadable,
    LegalNameMissing,
    Mark,
    name_and_birth_mark,
    normal_name,
    read_birth_date,
)
from civicvote.domain.verification.kinds import MarkKind, VerificationChannel
from civicvote.domain.verification.rules import ClassRule, Exclusion, RegionRules
from civicvote.kernel.keys import KeyRing

TODAY = date(2026, 11, 23)
KEYS = KeyRing("a secret key of tests, long enough", "an identity key of tests, long enough")

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "written",
    ["홍길동", "홍 길동", " 홍길동 ", "홍\u200b길동", normalize("NFD", "홍길동"), "홍-길동", "홍길동1"],
)
def test_a_korean_name_has_one_form(written: str) -> None:
    assert normal_name(written) == "홍길동"


@pytest.mark.parametrize("written", ["Hong, Gil-Dong", "HONG GILDONG", "ｈｏｎｇ　ｇｉｌｄｏｎｇ", "hong gil dong"])
def test_a_latin_name_has_one_form(written: str) -> None:
    assert normal_name(written) == "honggildong"


def test_letters_that_differ_stay_different() -> None:
    assert len({normal_name(name) for name in ("홍길동", "홍길둥", "Hong Gildong", "Nguyễn", "Nguyen")}) == 5


@pytest.mark.parametrize("written", ["", "  ", "1234", "-·-", "\u200b"])
def test_what_holds_no_letter_is_no_name(written: str) -> None:
    with pytest.raises(LegalNameMissing):
        normal_name(written)


@given(st.text(min_size=1, max_size=30))
def test_the_normal_form_is_a_fixed_point_and_does_not_depend_on_the_composition(text: str) -> None:
    try:
        once = normal_name(text)
    except LegalNameMissing:
        return
    assert normal_name(once) == once
    assert normal_name(normalize("NFD", text)) == normal_name(normalize("NFC", text))


@pytest.mark.parametrize(
    "written",
    ["1950-03-07", "1950.3.7", "1950. 3. 7.", "19500307", "1950년 3월 7일", "１９５０－０３－０７", " 1950/03/07 "],
)
def test_a_birth_date_is_read_however_it_is_written(written: str) -> None:
    assert read_birth_date(written, today=TODAY) == date(1950, 3, 7)


@pytest.mark.parametrize(
    "written",
    ["", "50-03-07", "1950-13-01", "1950-02-30", "1899-12-31", "2026-11-24", "3/7/1950", "1950", "1950-03-07x"],
)
def test_what_is_no_birth_date_is_refused(written: str) -> None:
    with pytest.raises(BirthDateUnreadable):
        read_birth_date(written, today=TODAY)


def test_somebody_may_be_born_today() -> None:
    assert read_birth_date("2026-11-23", today=TODAY) == TODAY


def test_a_mark_depends_on_region_name_birth_date_and_key_and_tells_none_of_them() -> None:
    born_on = date(1950, 3, 7)

    def mark(region_id: int = 1, name: str = "홍길동", day: date = born_on, keys: KeyRing = KEYS) -> str:
        return name_and_birth_mark(keys, region_id=region_id, name=name, born_on=day).identity_hash

    another_key = KeyRing("a secret key of tests, long enough", "another identity key of tests, long")
    another_secret = KeyRing("another secret key of tests, long", "an identity key of tests, long enough")
    assert len({mark(), mark(2), mark(name="홍길순"), mark(day=date(1950, 3, 8)), mark(keys=another_key)}) == 5
    assert mark() == mark(name="홍 길동") == mark(keys=another_secret)
    assert len(mark()) == 64


def test_a_claim_waits_as_plain_values_and_comes_back() -> None:
    claim = Claim(
        channel=VerificationChannel.ROLL,
        residency_class=ResidencyClass.STUDY,
        assurance=Assurance.ROLL,
        marks=(Mark(MarkKind.NAME_AND_BIRTH, "ab"), Mark(MarkKind.PROVIDER, "cd")),
        born_on=date(2010, 2, 28),
        district_code="2911056000",
        excluded_as=ExcludedGroup.STAFF,
    )
    assert claims.read(claims.write(claim)) == claim


def test_a_claim_without_a_mark_is_none() -> None:
    with pytest.raises(ValueError, match="mark"):
        Claim(
            channel=VerificationChannel.DESK,
            residency_class=ResidencyClass.ADDRESS,
            assurance=Assurance.IN_PERSON,
            marks=(),
        )


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 11, 23), TODAY, 18),
        (date(2008, 11, 24), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (TODAY, TODAY, 0),
    ],
)
def test_ages_are_full_years(born_on: date, day: date, age: int) -> None:
    assert age_on(day, born_on) == age


@given(day=DAYS, born_on=DAYS, age=st.integers(0, 19))
def test_the_latest_birth_draws_the_same_line_as_the_age(day: date, born_on: date, age: int) -> None:
    assert (born_on <= latest_birth(day, age)) == (age_on(day, born_on) >= age)


@given(day=DAYS, months=st.integers(1, 120))
def test_months_later_is_in_the_month_meant_and_never_on_a_later_day(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1, "the month's last day at the latest"


def test_the_day_of_birth_is_kept_below_19_only() -> None:
    assert day_to_keep(date(2007, 11, 24), TODAY) == date(2007, 11, 24)
    assert day_to_keep(date(2007, 11, 23), TODAY) is None
    assert day_to_keep(None, TODAY) is None


def test_without_rules_everything_but_ones_own_word_suffices_for_good() -> None:
    rule = RegionRules().classes[ResidencyClass.WORK]
    assert [way for way in Assurance if not rule.suffices(way)] == [Assurance.SELF_DECLARED]
    assert rule.valid_until(TODAY) is None
    assert RegionRules().minimum_age == 18


def test_a_class_that_is_not_admitted_suffices_by_no_way() -> None:
    rule = ClassRule(residency_class=ResidencyClass.WORK, is_admitted=False)
    assert not any(rule.suffices(way) for way in Assurance)


@pytest.mark.parametrize(
    ("noted", "born_on", "group"),
    [
        (None, None, None),
        (ExcludedGroup.STAFF, None, ExcludedGroup.STAFF),
        (ExcludedGroup.COUNCIL, None, None),
        (ExcludedGroup.COUNCIL, date(2015, 1, 1), ExcludedGroup.UNDER_AGE),
        (None, date(2010, 11, 23), None),
        (None, date(2010, 11, 24), ExcludedGroup.UNDER_AGE),
    ],
)
def test_who_has_no_ballot(noted: ExcludedGroup | None, born_on: date | None, group: ExcludedGroup | None) -> None:
    rules = RegionRules()
    rules.exclusions[ExcludedGroup.COUNCIL] = Exclusion(excluded_group=ExcludedGroup.COUNCIL, is_excluded=False)
    rules.exclusions[ExcludedGroup.UNDER_AGE] = Exclusion(excluded_group=ExcludedGroup.UNDER_AGE, minimum_age=16)
    assert rules.excluded_group(noted=noted, born_on=born_on, today=TODAY) is group
