"""What moderation refuses."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownSubject(NotFound):
    """Nothing of that kind and id is there to be reported."""

    code = "unknown_subject"


class UnknownCase(NotFound):
    code = "unknown_case"


class AlreadyReported(Conflict):
    code = "already_reported"


class OwnContribution(Forbidden):
    """Nobody reports or decides about what they wrote themselves."""

    code = "own_contribution"


class ReportNoteMissing(Invalid):
    """The reason "other" says nothing by itself."""

    code = "report_note_missing"
    field = "note"


class ReportNoteTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "report_note_too_long"
    field = "note"


class CaseClaimed(Conflict):
    """``name`` works on it until ``until``."""

    code = "case_claimed"


class CaseAlreadyDecided(Conflict):
    """Another moderator was faster."""

    code = "case_already_decided"


class NothingToRestore(Conflict):
    """The contribution is not hidden."""

    code = "nothing_to_restore"


class RuleMissing(Invalid):
    """A contribution is hidden by a rule, or not at all."""

    code = "rule_missing"
    field = "reason"


class FactsMissing(Invalid):
    code = "facts_missing"
    field = "facts"


class FactsTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "facts_too_long"
    field = "facts"
