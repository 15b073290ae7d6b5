"""Numbers and codes of letters: what is drawn, and what a tired reader may type."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.verification.letters import (
    CODE_LENGTH,
    LetterDaysUnusable,
    grouped,
    letter_fits,
    letter_mac,
    lifetime,
    new_code,
    new_number,
    read_code,
    read_number,
)
from tests.factories.identity import KEYS


def test_codes_are_long_enough_and_use_every_sign_but_the_misleading_ones() -> None:
    drawn = [new_code() for _ in range(500)]
    signs = set("".join(drawn))
    assert len(signs) == 32
    assert not signs & set("ILOU")
    assert CODE_LENGTH * math.log2(len(signs)) >= 50
    assert len(set(drawn)) == 500


@pytest.mark.parametrize(
    "typed", ["7QK-2M0", "7qk2m0", " 7qk 2m0 ", "7 Q K – 2 M 0", "7QK.2MO", "7qk-2mo", "７ＱＫ－２Ｍ０", "7QK_2M0"]
)
def test_a_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "7QK2M0"


def test_o_i_and_l_are_read_as_the_digits_they_look_like() -> None:
    assert read_code("oOiIl-Ll0a1") == "0011111" + "0A1"


@pytest.mark.parametrize("typed", ["", "7QK2M", "7QK2M00", "7QK2MU", "7QK2M가", "-------"])
def test_what_can_be_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@given(st.sampled_from("- ."), st.booleans())
def test_what_was_printed_is_read_again(blank: str, small: bool) -> None:
    number, code = new_number(), new_code()
    typed = grouped(code).replace("-", blank)
    assert read_code(typed.lower() if small else typed) == code
    assert read_number(grouped(number)) == number


def test_a_code_opens_its_own_letter_of_its_own_region_only() -> None:
    mac = letter_mac(KEYS, region_id=1, number="7QK2M0", code="0123456789")
    assert "0123456789" not in mac
    assert letter_fits(KEYS, mac, region_id=1, number="7QK2M0", code="0123456789")
    for other in ({"region_id": 2}, {"number": "7QK2M1"}, {"code": "0123456788"}):
        asked = {"region_id": 1, "number": "7QK2M0", "code": "0123456789"} | other
        assert not letter_fits(KEYS, mac, **asked), other  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [6, 91, 0, -1])
def test_letters_are_not_valid_for_hours_nor_for_ever(days: int) -> None:
    assert lifetime(30).days == 30
    with pytest.raises(LetterDaysUnusable):
        lifetime(days)
