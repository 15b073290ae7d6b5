"""Why somebody reads personal data of others: asked each time, kept in the audit."""

from civicvote.kernel.errors import Invalid
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers


class ReadingReasonMissing(Invalid):
    code = "reading_reason_missing"
    field = "reason"


def usable_reason(reason: str) -> str:
    """The reason as it is kept. Raises ``ReadingReasonMissing``, ``PersonalNumber``."""
    given = clean_text(reason)
    refuse_personal_numbers(given, field="reason")
    if not given:
        raise ReadingReasonMissing
    return given
