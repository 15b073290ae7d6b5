"""Words for the ways of counting and their choices; ``labels`` takes them in. What they do is in ``domain/tally``."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.outcomes.satisfaction import Part
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.domain.tally.shares_explained import RunsEnded
from civicvote.domain.tally.ties import TieStep
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction

COUNTING_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Part: {
        Part.NOTHING: _l("Nothing of it"),
        Part.UP_TO_A_QUARTER: _l("Up to a quarter"),
        Part.UP_TO_HALF: _l("Up to half"),
        Part.UP_TO_THREE_QUARTERS: _l("Up to three quarters"),
        Part.MORE: _l("More, not all"),
        Part.ALL: _l("All of it"),
    },
    CountingRule: {
        CountingRule.APPROVAL: _l("Most votes win"),
        CountingRule.BORDA: _l("Points by place (Borda)"),
        CountingRule.SCHULZE: _l("Each against each (Schulze)"),
        CountingRule.GREEDY: _l("Most votes first, within the envelope"),
        CountingRule.GREEDY_STOP: _l("Most votes first, stop where the money ends"),
        CountingRule.GREEDY_PER_COST: _l("Most votes for the money first"),
        CountingRule.EQUAL_SHARES: _l("Equal Shares: every voter has the same part of the envelope"),
        CountingRule.PHRAGMEN: _l("Phragmén: every voter earns the same, supporters buy together"),
    },
    Satisfaction: {
        Satisfaction.COST: _l("A project is worth to its supporters what it costs"),
        Satisfaction.CARDINALITY: _l("Every project is worth the same to its supporters"),
        Satisfaction.POINTS: _l("A project is worth to a voter the points given to it"),
    },
    Completion: {
        Completion.NONE: _l("What is left over stays"),
        Completion.ADD1: _l("Larger shares, step by step, until nothing more fits"),
        Completion.ADD1_FEASIBLE: _l("Larger shares, step by step, as long as the envelope pays"),
        Completion.ADD1U: _l("Larger shares, step by step, then most votes first with what is left"),
        Completion.GREEDY: _l("Most votes first with what is left"),
    },
    RunsEnded: {
        RunsEnded.ONE_RUN: _l("The rule asks for one run only."),
        RunsEnded.EXHAUSTIVE: _l("Nothing that anybody supports fits into what is left."),
        RunsEnded.NEXT_OVERSPENDS: _l("The next run would have spent more than the envelope."),
        RunsEnded.ALL_BOUGHT: _l("Nothing was left to buy that could be selected beside these."),
        RunsEnded.MOST_RUNS: _l("The largest number of runs was reached."),
    },
    EnvelopesBy: {
        EnvelopesBy.DISTRICT: _l("An envelope for each district"),
        EnvelopesBy.FIELD: _l("An envelope for each field"),
    },
    TieStep: {
        TieStep.COST: _l("the lowest cost first"),
        TieStep.VOTES: _l("the most votes first"),
    },
}

WEIGHTING_FORMULA = _l(
    "The score of an option is the sum, over all electorates, of: weight × votes for the option ÷ all votes that the "
    "electorate cast for options of this poll. If an electorate casts no vote, its weight goes to the others in "
    "proportion to theirs. If fewer than 10 people of an electorate vote, their ballots are counted with the "
    "residents' (or with the largest electorate's, if the residents are so few), so that nobody can compute what they "
    "chose. Nothing is rounded."
)
"""Stands on a poll's page before it opens where there are several electorates; ``tally.electorates`` does it."""
