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
    GREEDY = "greedy"
    GREEDY_STOP = "greedy-stop"
