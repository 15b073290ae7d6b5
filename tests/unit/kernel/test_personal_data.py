"""Numbers below are made up: their birthdays or seventh digits exist, the people do not."""

import pytest

from civicvote.kernel.personal_data import PersonalNumber, holds_personal_number, refuse_personal_numbers


@pytest.mark.parametrize(
    "text",
    [
        "900101-1234567",
        "제 번호는 900101-1234567입니다",
        "900101 - 1234567",
        "900101–1234567",
        "900101ー1234567",
        "９００１０１－１２３４５６７",
        "9001011234567",
        "900101 1234567",
        "(010203.4567890)",
        "991399-0000000",
        "900101-\n1234567",
    ],
)
def test_what_looks_like_a_registration_number_is_found(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "주민등록초본을 보았습니다",
        "010-1234-5678",
        "계약 2026-11-22, 3,250,000,000원",
        "9788937460444",  # an ISBN: there is no month 88
        "9001019234567",  # the seventh digit is none of those in use
        "900101-12345678",
        "1900101-1234567",
        "900101-123456",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert not holds_personal_number(text)


def test_the_refusal_names_its_field() -> None:
    with pytest.raises(PersonalNumber) as refusal:
        refuse_personal_numbers("900101-1234567", field="evidence")
    assert refusal.value.field == "evidence"
    refuse_personal_numbers(None)
    refuse_personal_numbers("신분증 확인")
