from civicvote.domain.agenda.ranking import ranked_proposals


def test_winners_are_ranked_in_the_order_of_their_selection() -> None:
    assert ranked_proposals(["b", "a"], {"a": 1, "b": 2, "c": 3}) == [(1, 2), (2, 1)]


def test_an_option_without_a_proposal_keeps_its_rank() -> None:
    assert ranked_proposals(["x", "a"], {"a": 1, "x": None}) == [(2, 1)]
