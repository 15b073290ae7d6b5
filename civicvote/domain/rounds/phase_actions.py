"""What each phase opens, in one table. A permission that no phase names is not bound to phases at all.

Wherever people may comment they may also report: a comment that breaks the law can't wait for the next phase.
"""

from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase

_DISCUSS = frozenset(
    {Permission.COMMENT_POST, Permission.COMMENT_EDIT, Permission.COMMENT_RATE, Permission.CONTENT_REPORT}
)
#: Opinion questions live while opinions still form: before the votes, and while projects take shape.
_ASK = frozenset({Permission.OPINION_VOTE, Permission.OPINION_STATE})
_SPEND = frozenset({Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE})

PHASE_ACTIONS: dict[Phase, frozenset[Permission]] = {
    Phase.DISCOVERY: _DISCUSS
    | _ASK
    | {
        Permission.PROPOSAL_SUBMIT,
        Permission.PROPOSAL_EDIT,
        Permission.PROPOSAL_ENDORSE,
        Permission.PROPOSAL_MERGE,
        Permission.PROPOSAL_IMPORT,
    },
    Phase.REVIEW: _DISCUSS | _ASK | {Permission.PROPOSAL_ENDORSE, Permission.PROPOSAL_MERGE},
    Phase.DELIBERATION: _DISCUSS
    | _ASK
    | {Permission.PROPOSAL_EDIT, Permission.PROPOSAL_ENDORSE, Permission.PROPOSAL_MERGE},
    Phase.AGENDA_VOTE: _DISCUSS | {Permission.BALLOT_CAST},
    Phase.MATCHING: _DISCUSS | _ASK | {Permission.PROJECT_MANAGE},
    Phase.BUDGET_VOTE: _DISCUSS | {Permission.BALLOT_CAST},
    Phase.ALLOCATION: _DISCUSS | _SPEND,
    Phase.IMPLEMENTATION: _DISCUSS | _SPEND,
    Phase.RESULTS: _DISCUSS | _SPEND,
}


def phases_that_open(permission: Permission) -> frozenset[Phase]:
    """The phases in which ``permission`` may be used."""
    return frozenset(phase for phase, permissions in PHASE_ACTIONS.items() if permission in permissions)
