"""Shares of a key: enough of them give it back, in any order; fewer, or strangers, give nothing."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.polls.box import sealing, shares


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_shares_that_are_enough_give_the_key_back_and_fewer_do_not(data):
    holders = data.draw(st.integers(2, shares.MOST_KEYHOLDERS))
    needed = data.draw(st.integers(2, holders))
    key = sealing.new_key_pair().private
    made = shares.split(key, needed=needed, holders=holders)
    assert len(set(made)) == holders
    order = data.draw(st.permutations(made))
    assert shares.join(order[:needed], needed=needed) == key
    assert shares.join(order, needed=needed) == key
    with pytest.raises(shares.SharesDoNotFit):
        shares.join(order[: needed - 1], needed=needed)


def test_every_pair_of_three_opens():
    key = sealing.new_key_pair().private
    for pair in itertools.combinations(shares.split(key, needed=2, holders=3), 2):
        assert shares.join(pair, needed=2) == key


def test_shares_of_two_keys_do_not_fit():
    ours, theirs = (shares.split(sealing.new_key_pair().private, needed=2, holders=3) for _ in range(2))
    with pytest.raises(shares.SharesDoNotFit):
        shares.join([ours[0], theirs[1]], needed=2)


def test_a_share_with_another_word_does_not_fit():
    first, second = shares.split(sealing.new_key_pair().private, needed=2, holders=2)
    words = second.split()
    words[-1] = "academic" if words[-1] != "academic" else "acid"
    with pytest.raises(shares.SharesDoNotFit):
        shares.join([first, " ".join(words)], needed=2)


@pytest.mark.parametrize("spoken", ["", "kein Wort", "아카데미"])
def test_what_is_no_share_does_not_fit(spoken):
    with pytest.raises(shares.SharesDoNotFit):
        shares.join([spoken, spoken + "x"], needed=2)


@pytest.mark.parametrize(("needed", "holders"), [(1, 3), (4, 3), (2, 10), (0, 0)])
def test_one_alone_never_opens_and_nobody_is_needed_twice(needed, holders):
    with pytest.raises(ValueError):
        shares.split(sealing.new_key_pair().private, needed=needed, holders=holders)


def test_a_share_tells_nothing_of_the_key_as_text():
    key = sealing.new_key_pair().private
    assert all(key not in share for share in shares.split(key, needed=2, holders=3))
