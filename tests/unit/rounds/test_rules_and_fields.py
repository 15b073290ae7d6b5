"""Rules as they are stored, fields as an officer writes them."""

from typing import Any

import pytest

from civicvote.domain.rounds.errors import FieldNameTooLong, FieldTwice, NoFields, RulesUnusable
from civicvote.domain.rounds.fields import FieldName, read_fields, write_fields
from civicvote.domain.rounds.rules import LIMITS, RULE_NAMES, RoundRules


def test_an_empty_object_means_the_defaults() -> None:
    rules = RoundRules.from_json({})
    assert (rules.proposals_per_person, rules.comment_silent_edit_minutes, rules.comment_edit_hours) == (5, 15, 24)


def test_what_is_written_is_read_again_with_every_rule_spelled_out() -> None:
    rules = RoundRules(proposals_per_person=2)
    assert RoundRules.from_json(rules.to_json()) == rules
    assert set(rules.to_json()) == set(RULE_NAMES) == set(LIMITS)


@pytest.mark.parametrize(
    "stored",
    [
        {"proposals_per_person": 0},
        {"proposals_per_person": 101},
        {"proposals_per_person": "5"},
        {"proposals_per_person": 5.0},
        {"proposals_per_person": True},
        {"comment_edit_hours": -1},
        {"proposals_per_persno": 5},
    ],
)
def test_a_rule_that_can_not_be_meant_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(RulesUnusable):
        RoundRules.from_json(stored)


def test_fields_are_read_one_a_line_with_an_optional_english_name() -> None:
    assert read_fields(" 안전 / Public safety \n\n환경\n복지/Welfare") == [
        FieldName("public-safety", "안전", "Public safety"),
        FieldName("field-2", "환경", "환경"),
        FieldName("welfare", "복지", "Welfare"),
    ]


def test_fields_survive_writing_and_reading() -> None:
    fields = read_fields("안전 / Safety\n환경")
    assert read_fields(write_fields(fields)) == fields


def test_two_english_names_that_give_one_key_stay_apart() -> None:
    keys = [field.key for field in read_fields("가 / Art!\n나 / Art?")]
    assert len(set(keys)) == 2


def test_a_field_that_stands_twice_is_named() -> None:
    with pytest.raises(FieldTwice) as refused:
        read_fields("안전\n환경\n안전 / Safety")
    assert refused.value.params == {"name": "안전"}


@pytest.mark.parametrize("text", ["", " \n ", "/", " / \n"])
def test_a_list_without_names_is_refused(text: str) -> None:
    with pytest.raises(NoFields):
        read_fields(text)


def test_a_long_name_gives_a_key_that_fits_the_column() -> None:
    (field,) = read_fields("문화 / " + "culture and heritage " * 9)
    assert len(field.key) <= 40


@pytest.mark.parametrize("line", ["가" * 201, f"안전 / {'a' * 201}"])
def test_a_name_longer_than_its_column_is_refused(line: str) -> None:
    with pytest.raises(FieldNameTooLong) as refused:
        read_fields(line)
    assert refused.value.field == "field_names"
    assert read_fields("가" * 200)
