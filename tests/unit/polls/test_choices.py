"""The canonical text of a ballot, and that nothing else reads as one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.ballots import choices
from civicvote.kernel.voting import BallotType

POINTS = st.one_of(st.integers(-5, 100), st.fractions(-5, 100, max_denominator=9))
WEIGHTED = [BallotType.CUMULATIVE, BallotType.SCORING, BallotType.ORDINAL]


@given(
    st.lists(st.text(min_size=1, max_size=8), unique=True), st.sampled_from([BallotType.APPROVAL, BallotType.CHOOSE_1])
)
def test_the_order_of_choosing_leaves_no_trace(keys, ballot_type):
    text = choices.write(dict.fromkeys(keys, 1), ballot_type)
    assert text == choices.write(dict.fromkeys(reversed(keys), 1), ballot_type)
    assert choices.read(text) == dict.fromkeys(keys, 1)
    assert choices.size(text) == len(keys)


@given(st.dictionaries(st.text(min_size=1, max_size=8), POINTS), st.sampled_from(WEIGHTED))
def test_points_come_back_exactly(ballot, ballot_type):
    text = choices.write(ballot, ballot_type)
    assert choices.read(text) == ballot
    assert choices.size(text) == len(ballot)


def test_a_mark_that_was_doubled_counts_twice_in_the_size_and_once_in_the_ballot():
    assert choices.size('["a","a"]') == 2
    assert choices.read('["a","a"]') == {"a": 1}
    assert choices.size('{"a":1,"a":2}') == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "1",
        '"a"',
        "null",
        "[1]",
        '{"a":true}',
        '{"a":1.5}',
        '{"a":"x"}',
        '{"a":"1/0"}',
        '{"a":"1e99999999"}',
        '{"a":" 1"}',
    ],
)
def test_anything_else_is_unreadable(text):
    with pytest.raises(choices.UnreadableBallot):
        choices.read(text)


def test_a_whole_fraction_is_written_as_a_whole_number():
    assert choices.write({"a": Fraction(4, 2), "b": Fraction(7, 2)}, BallotType.SCORING) == '{"a":2,"b":"7/2"}'
