"""The statement of reasons behind a decision, and the note of a report: what they must hold."""

from civicvote.domain.moderation.errors import (
    FactsMissing,
    FactsTooLong,
    ReportNoteMissing,
    ReportNoteTooLong,
    RuleMissing,
)
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

MAX_FACTS = 1000
MAX_NOTE = 500


def clean_note(reason: ReportReason, note: str) -> str:
    """A report's note. Raises ``ReportNoteMissing``, ``ReportNoteTooLong`` (characters), ``PersonalNumber``."""
    text = clean_text(note)
    if reason is ReportReason.OTHER and not text:
        raise ReportNoteMissing
    if len(text) > MAX_NOTE:
        raise ReportNoteTooLong(limit=MAX_NOTE)
    refuse_personal_numbers(text, field="note")
    return text


def clean_statement(action: DecisionAction, reason: ReportReason | None, facts: str) -> tuple[ReportReason | None, str]:
    """The rule and the facts of a decision. Hiding needs both, restoring the facts.

    Raises ``RuleMissing``, ``FactsMissing``, ``FactsTooLong`` (characters), ``PersonalNumber``.
    """
    text = clean_text(facts)
    if action is DecisionAction.HIDE and reason is None:
        raise RuleMissing
    if not text and action is not DecisionAction.KEEP:
        raise FactsMissing
    if len(text) > MAX_FACTS:
        raise FactsTooLong(limit=MAX_FACTS)
    refuse_personal_numbers(text, field="facts")
    return (reason if action is DecisionAction.HIDE else None), text
