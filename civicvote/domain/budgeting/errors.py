"""What budgeting refuses. Amounts in ``params`` are ``Money``."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class UnknownProject(NotFound):
    code = "unknown_project"


class ProjectTextMissing(Invalid):
    """``field`` says which text."""

    code = "project_text_missing"


class ProjectTextTooLong(Invalid):
    """``field`` may hold at most ``longest`` characters."""

    code = "project_text_too_long"


class CostNotPositive(Invalid):
    code = "cost_not_positive"
    field = "cost_amount"


class CostAboveEnvelope(Invalid):
    """It costs more than the round's whole ``envelope``, so it could never be selected."""

    code = "cost_above_envelope"
    field = "cost_amount"


class SameProject(Conflict):
    """The agenda item has a project of this title already."""

    code = "same_project"
    field = "title"


class ProjectFixed(Conflict):
    """It stands on a ballot: what residents vote on does not change."""

    code = "project_fixed"


class NotABudgetPoll(Conflict):
    code = "not_a_budget_poll"
