"""What each phase is for in one sentence, and the door it opens, for every page that tells what can be done now."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.rounds.phase_actions import PHASE_ACTIONS
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase


@dataclass(frozen=True, slots=True)
class PhaseGuide:
    """``endpoint`` takes ``slug`` and, where ``is_of_round``, ``round_id``; ``verb`` is what stands on its button."""

    sentence: LazyString
    question: LazyString
    verb: LazyString
    endpoint: str
    is_of_round: bool = True


PHASE_GUIDE: dict[Phase, PhaseGuide] = {
    Phase.DISCOVERY: PhaseGuide(
        _l("Everybody can propose what should change in the place where they live."),
        _l("You can propose something now"),
        _l("Write a proposal"),
        "proposals.new",
    ),
    Phase.REVIEW: PhaseGuide(
        _l("The proposals are looked through; people go on discussing and endorsing them."),
        _l("You can discuss and endorse proposals now"),
        _l("Look at the proposals"),
        "proposals.index",
    ),
    Phase.DELIBERATION: PhaseGuide(
        _l("People weigh the proposals against each other, and their authors improve them."),
        _l("You can discuss the proposals now"),
        _l("Join the discussion"),
        "proposals.index",
    ),
    Phase.AGENDA_VOTE: PhaseGuide(
        _l("Residents on the roll choose the agenda items to tackle."),
        _l("You can choose the agenda items now"),
        _l("Go and vote"),
        "polls.index",
        is_of_round=False,
    ),
    Phase.MATCHING: PhaseGuide(
        _l("Agenda items become projects with a cost, a place and a department in charge."),
        _l("The agenda items are being made into projects"),
        _l("Look at the projects"),
        "budgeting.index",
    ),
    Phase.BUDGET_VOTE: PhaseGuide(
        _l("Residents on the roll decide which projects get money from the envelope."),
        _l("You can decide about the money now"),
        _l("Go and vote"),
        "polls.index",
        is_of_round=False,
    ),
    Phase.ALLOCATION: PhaseGuide(
        _l("The selected projects get their money. Every transfer is public."),
        _l("You can see who gets how much"),
        _l("Follow the money"),
        "allocations.money",
        is_of_round=False,
    ),
    Phase.IMPLEMENTATION: PhaseGuide(
        _l("The projects are carried out. Every payment is public with its evidence."),
        _l("You can see what the money is spent on"),
        _l("Follow the money"),
        "allocations.money",
        is_of_round=False,
    ),
    Phase.RESULTS: PhaseGuide(
        _l("What came of the projects is laid open, to the last won."),
        _l("You can see what came of it"),
        _l("Look at the projects"),
        "budgeting.index",
    ),
}


#: What residents can do in a phase, in the order in which they would look for it. The table of phases decides when.
_ACTS: dict[Permission, LazyString] = {
    Permission.PROPOSAL_SUBMIT: _l("write proposals"),
    Permission.PROPOSAL_EDIT: _l("change one's own proposals"),
    Permission.PROPOSAL_ENDORSE: _l("endorse"),
    Permission.COMMENT_POST: _l("discuss"),
    Permission.OPINION_VOTE: _l("answer opinion questions"),
    Permission.BALLOT_CAST: _l("vote"),
}


def acts_in(phase: Phase) -> list[LazyString]:
    """What residents can do in the phase, in words."""
    return [words for permission, words in _ACTS.items() if permission in PHASE_ACTIONS[phase]]
