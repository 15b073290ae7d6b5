"""Groups of people who think alike: k-means in two steps, as Polis does it (Small et al. 2021).

The placed people are drawn together to at most 100 base clusters; those, weighted by their members, to k = 2 … 5
groups. The k of the best mean silhouette (Rousseeuw 1987) wins. Centres start from the first distinct rows, later from
where they were, and k changes only after four runs that agree, so that a group keeps its letter.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from civicvote.domain.opinions.matrix import Floats, Ints

MOST_BASE_CLUSTERS = 100
FEWEST_GROUPS, MOST_GROUPS = 2, 5
#: Base clusters that each further group takes.
BASE_CLUSTERS_PER_GROUP = 12
#: Runs in a row that must want another number of groups.
RUNS_THAT_AGREE = 4
_STANDS_STILL = 0.01
#: k-means ends by itself; this only keeps a mistake from running for ever.
_MOST_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Clusters:
    """``members``: for each point the number of its cluster; ``centres``: clusters × 2."""

    members: Ints
    centres: Floats

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.members, minlength=len(self.centres))


@dataclass(frozen=True, slots=True)
class GroupState:
    """What the next run starts from. ``centres``: by number of groups. Holds no person."""

    k: int | None = None
    wanted: int | None = None
    agreed: int = 0
    base: list[list[float]] = field(default_factory=list)
    centres: dict[int, list[list[float]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "k": self.k,
            "wanted": self.wanted,
            "agreed": self.agreed,
            "base": self.base,
            "centres": {str(k): centres for k, centres in self.centres.items()},
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "GroupState":
        return cls(
            k=kept["k"],
            wanted=kept["wanted"],
            agreed=kept["agreed"],
            base=kept["base"],
            centres={int(k): centres for k, centres in kept["centres"].items()},
        )


@dataclass(frozen=True, slots=True)
class Grouping:
    """``members``: the group of each point; ``base``: its base cluster; ``silhouette``: of the groups shown."""

    members: Ints
    base: Clusters
    group_of_base: Ints
    k: int
    silhouette: float
    state: GroupState


def group(points: Floats, state: GroupState | None = None) -> Grouping | None:
    """Groups of ``points`` (people × 2), in the order of the people; None where fewer than two differ."""
    state = state or GroupState()
    base = k_means(points, MOST_BASE_CLUSTERS, start=np.array(state.base).reshape(-1, 2))
    if len(base.centres) < FEWEST_GROUPS:
        return None
    weights = base.sizes
    most = min(MOST_GROUPS, FEWEST_GROUPS + len(base.centres) // BASE_CLUSTERS_PER_GROUP)
    tried: dict[int, Clusters] = {}
    scores: dict[int, float] = {}
    for k in range(FEWEST_GROUPS, most + 1):
        start = np.array(state.centres.get(k, [])).reshape(-1, 2)
        found = k_means(base.centres, k, weights=weights, start=start)
        if len(found.centres) == k:
            tried[k], scores[k] = found, silhouette(base.centres, found.members)
    if not tried:
        return None
    best = max(scores, key=lambda k: (scores[k], -k))
    shown, agreed = _smoothed(state, best, tried)
    chosen = tried[shown]
    return Grouping(
        members=chosen.members[base.members],
        base=base,
        group_of_base=chosen.members,
        k=shown,
        silhouette=scores[shown],
        state=GroupState(
            k=shown,
            wanted=best,
            agreed=agreed,
            base=base.centres.tolist(),
            centres={k: clusters.centres.tolist() for k, clusters in tried.items()},
        ),
    )


def _smoothed(state: GroupState, best: int, tried: dict[int, Clusters]) -> tuple[int, int]:
    agreed = state.agreed + 1 if state.wanted == best else 1
    if state.k is None or state.k not in tried or agreed >= RUNS_THAT_AGREE:
        return best, agreed
    return state.k, agreed


def k_means(points: Floats, k: int, *, weights: Ints | None = None, start: Floats | None = None) -> Clusters:
    """Lloyd's iteration until no centre moves by 0.01. Clusters that lose all their points go.

    Starts from ``start``, filled up with the first distinct rows that are not among it; equal distances go to the
    first centre. Nothing is drawn by chance."""
    heavy = np.ones(len(points)) if weights is None else weights.astype(np.float64)
    centres = _starting(points, k, start)
    for _ in range(_MOST_ROUNDS):
        members = _nearest(points, centres)
        weight = np.bincount(members, heavy, minlength=len(centres))
        sums = np.stack(
            [np.bincount(members, heavy * points[:, axis], minlength=len(centres)) for axis in (0, 1)], axis=1
        )
        alive = weight > 0
        moved = sums[alive] / weight[alive, None]
        farthest = np.hypot(*(moved - centres[alive]).T).max(initial=0.0)
        settled = bool(alive.all()) and farthest < _STANDS_STILL
        centres = moved
        if settled:
            break
    members = _nearest(points, centres)
    used, members = np.unique(members, return_inverse=True)
    return Clusters(members.astype(np.int64), centres[used])


def _starting(points: Floats, k: int, start: Floats | None) -> Floats:
    _, first = np.unique(points, axis=0, return_index=True)
    rows = points[np.sort(first)]
    if start is None or not len(start):
        return rows[:k].copy()
    kept = np.unique(start, axis=0, return_index=True)[1]
    kept_rows = start[np.sort(kept)][:k]
    fresh = rows[~(rows[:, None, :] == kept_rows[None, :, :]).all(axis=2).any(axis=1)]
    room = min(k, len(rows)) - len(kept_rows)
    return np.concatenate([kept_rows, fresh[: max(0, room)]])


def _nearest(points: Floats, centres: Floats) -> Ints:
    # |p - c|² without |p|², which is the same for all centres
    distances = (centres**2).sum(axis=1) - 2 * (points @ centres.T)
    nearest: Ints = distances.argmin(axis=1)
    return nearest


def silhouette(points: Floats, members: Ints) -> float:
    """The mean silhouette: (b - a) / max(a, b), a to one's own cluster, b to the nearest other; 0 for a cluster of one
    (Rousseeuw 1987)."""
    apart = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    clusters = int(members.max()) + 1
    sizes = np.bincount(members, minlength=clusters)
    sums = np.stack([apart[:, members == cluster].sum(axis=1) for cluster in range(clusters)], axis=1)
    rows = np.arange(len(points))
    own = sizes[members]
    inside = sums[rows, members] / np.maximum(own - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[rows, members] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    values = np.where((own > 1) & (larger > 0), (outside - inside) / np.where(larger > 0, larger, 1), 0.0)
    return float(values.mean())


def adjusted_rand(first: Ints, second: Ints) -> float:
    """How far two groupings of the same people agree, beyond chance: 1 the same, about 0 by chance
    (Hubert and Arabie 1985)."""
    people = len(first)
    table = np.zeros((int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1), np.int64)
    np.add.at(table, (first, second), 1)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = rows * columns / max(1.0, people * (people - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))


def _pairs(counts: Ints) -> Floats:
    return counts * (counts - 1) / 2.0
