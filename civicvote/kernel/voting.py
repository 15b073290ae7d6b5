"""Words about voting that several areas speak: kinds of ballots and counting rules."""

from enum import StrEnum


class BallotType(StrEnum):
    """What a voter writes on a ballot; the values are those of Pabulib's ``vote_type``."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


class CountingRule(StrEnum):
    """How ballots become an outcome; the values are those of ``civicvote count --rule``."""

    APPROVAL = "approval"
    BORDA = "borda"
    SCHULZE = "schulze"
    GREEDY = "greedy"
    GREEDY_STOP = "greedy-stop"
    GREEDY_PER_COST = "greedy-per-cost"
    EQUAL_SHARES = "equal-shares"
    PHRAGMEN = "phragmen"


class Satisfaction(StrEnum):
    """What a voter is taken to have from a selected project under Equal Shares; ``civicvote count --satisfaction``."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


class Completion(StrEnum):
    """How Equal Shares goes on where it leaves money over; the values are those of ``civicvote count --completion``.

    ``ADD1``: every share grows by the increment, run after run, up to the first outcome to which nothing can be added,
    else the last that the budget pays. ``ADD1_FEASIBLE``: up to the last run that the budget pays. ``ADD1U``: add1,
    then greedy by votes on the rest. ``GREEDY``: greedy by votes on the rest, no share grows."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_FEASIBLE = "add1-feasible"
    ADD1U = "add1u"
    GREEDY = "greedy"
