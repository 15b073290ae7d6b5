"""The sentences that a moderator's statement of reasons begins with, so that nobody types them again and again."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.moderation.kinds import ReportReason

#: "Another reason" has none: there the moderator has to say it.
RULE_TEXTS: dict[ReportReason, LazyString] = {
    ReportReason.SPAM: _l("It advertises something or repeats the same message, and does not concern the proposal."),
    ReportReason.ABUSE: _l("It insults or belittles a person or a group."),
    ReportReason.PERSONAL_DATA: _l("It holds data by which a person can be recognised, such as a name with a number."),
    ReportReason.OFF_TOPIC: _l("It has nothing to do with the matter that is discussed here."),
    ReportReason.DUPLICATE: _l("The same person posted the same text before; the first one stays."),
    ReportReason.ILLEGAL: _l("It holds content that the law forbids."),
}


def statement(reason: ReportReason | None, typed: str) -> str:
    """The facts of a decision: what the moderator wrote, or the rule's own sentence."""
    if typed.strip() or reason not in RULE_TEXTS:
        return typed
    return str(RULE_TEXTS[reason])
