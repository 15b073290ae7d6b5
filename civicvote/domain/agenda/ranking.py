"""Which places the winners of an agenda poll get."""

from collections.abc import Iterable, Mapping


def ranked_proposals(winners: Iterable[str], proposals: Mapping[str, int | None]) -> list[tuple[int, int]]:
    """(rank, proposal id) of the winners, 1 for the first.

    ``winners`` are option keys in the order of selection, ``proposals`` says for which proposal an option stands. An
    option that stands for none keeps its rank, so that a rank says the same here and on the outcome page."""
    return [
        (rank, proposal_id)
        for rank, key in enumerate(winners, start=1)
        if (proposal_id := proposals.get(key)) is not None
    ]
