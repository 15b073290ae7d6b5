"""The pure rules of moderation: statements of reasons, claims, figures."""

from datetime import UTC, datetime, timedelta

import pytest

from civicvote.blueprints.moderation.rule_texts import RULE_TEXTS
from civicvote.domain.moderation.claims import holder, is_overdue
from civicvote.domain.moderation.errors import FactsMissing, FactsTooLong, ReportNoteMissing, RuleMissing
from civicvote.domain.moderation.figures import rank_value, whole_hours
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason
from civicvote.domain.moderation.statements import clean_note, clean_statement
from civicvote.kernel.personal_data import PersonalNumber

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_hiding_needs_a_rule_and_its_facts() -> None:
    with pytest.raises(RuleMissing):
        clean_statement(DecisionAction.HIDE, None, "모욕입니다.")
    with pytest.raises(FactsMissing):
        clean_statement(DecisionAction.HIDE, ReportReason.ABUSE, "  ")
    assert clean_statement(DecisionAction.HIDE, ReportReason.ABUSE, " 모욕입니다. ") == (
        ReportReason.ABUSE,
        "모욕입니다.",
    )


def test_keeping_needs_no_words_restoring_does_and_neither_names_a_rule() -> None:
    assert clean_statement(DecisionAction.KEEP, ReportReason.SPAM, "") == (None, "")
    assert clean_statement(DecisionAction.RESTORE, ReportReason.SPAM, "오해였습니다.") == (None, "오해였습니다.")
    with pytest.raises(FactsMissing):
        clean_statement(DecisionAction.RESTORE, None, "")


def test_facts_are_short_and_without_personal_numbers() -> None:
    with pytest.raises(FactsTooLong):
        clean_statement(DecisionAction.KEEP, None, "가" * 1001)
    with pytest.raises(PersonalNumber):
        clean_statement(DecisionAction.HIDE, ReportReason.PERSONAL_DATA, "850101-1234567을 적었습니다.")


def test_another_reason_has_to_be_said() -> None:
    assert clean_note(ReportReason.SPAM, "") == ""
    with pytest.raises(ReportNoteMissing):
        clean_note(ReportReason.OTHER, " ")


def test_every_rule_but_the_last_resort_has_a_sentence() -> None:
    assert set(RULE_TEXTS) == set(ReportReason) - {ReportReason.OTHER}


def test_a_claim_holds_until_its_last_instant() -> None:
    assert holder(1, NOW + HOUR, NOW) == 1
    assert holder(1, NOW, NOW) is None
    assert holder(None, None, NOW) is None


def test_a_case_is_overdue_after_two_days() -> None:
    assert not is_overdue(NOW - 47 * HOUR, NOW)
    assert is_overdue(NOW - 48 * HOUR, NOW)


def test_waits_are_ranked_not_averaged() -> None:
    waits = [hours * HOUR for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)]
    assert rank_value(waits, 50) == 5 * HOUR
    assert rank_value(waits, 90) == 9 * HOUR
    assert rank_value([], 50) is None
    assert (whole_hours(timedelta(minutes=3)), whole_hours(61 * HOUR / 60), whole_hours(None)) == (1, 2, None)
