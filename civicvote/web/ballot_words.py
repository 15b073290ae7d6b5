"""Words for the kinds of ballots and what is laid down of them; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.polls.ballots.kinds import BallotKind
from civicvote.domain.polls.states import Reminder

BALLOT_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    BallotKind: {
        BallotKind.APPROVAL: _l("Choose what you support (approval)"),
        BallotKind.KNAPSACK: _l("Fill a basket up to an amount (knapsack)"),
        BallotKind.CHOOSE_1: _l("One choice"),
        BallotKind.CUMULATIVE: _l("Points to distribute"),
        BallotKind.SCORING: _l("Points for each"),
        BallotKind.ORDINAL: _l("Ranking"),
    },
}

UNFINISHED: dict[str, LazyString] = {
    Reminder.AFTER_HOURS: _l("You began a ballot in “%(title)s” and have not cast it. You can until %(closes_at)s."),
    Reminder.AFTER_A_WEEK: _l("Your ballot in “%(title)s” is still not cast. You can until %(closes_at)s."),
    Reminder.LAST_DAY: _l("Last day: your ballot in “%(title)s” is not cast yet. Voting closes on %(closes_at)s."),
}
"""Reminders of unfinished ballots; they say nothing of what is on them."""

TIE_ORDERS = {
    "cost,votes": _l("The lowest cost, then the most votes, then a lot"),
    "votes": _l("The most votes, then a lot"),
    "lot": _l("A lot"),
}
"""Steps before the lot, as ``tally.ties`` names them, ``lot`` for none, and what they are called."""
