"""Refusals of the audit."""

from civicvote.kernel.errors import Invalid

#: A reason shorter than this says nothing.
REASON_LENGTH = 10


class ReasonTooShort(Invalid):
    """Personal data is read for a reason that somebody else can understand later."""

    code = "reason_too_short"
    field = "reason"


class HeadsUnreadable(Invalid):
    """The list of heads that somebody kept is not of the form in which heads are published."""

    code = "heads_unreadable"
