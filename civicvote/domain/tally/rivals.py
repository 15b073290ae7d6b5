"""Projects that exclude each other: once one has won, the others of its group have lost."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations


def beaten_by(option_id: str, winners: Iterable[str], rivals: Mapping[str, frozenset[str]]) -> bool:
    """Whether a rival of this option is among the winners. ``rivals`` as in ``CountingParameters``."""
    return not rivals.get(option_id, frozenset()).isdisjoint(winners)


def any_among(option_ids: Sequence[str], rivals: Mapping[str, frozenset[str]]) -> bool:
    """Whether two of these exclude each other."""
    return bool(rivals) and any(b in rivals.get(a, ()) for a, b in combinations(option_ids, 2))
