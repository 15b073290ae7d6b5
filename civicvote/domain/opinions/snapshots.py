"""What is kept of a computed map: everything that a page shows and the next run starts from, and no person.

People are points in shuffled order; above ``MOST_POINTS`` the base clusters stand for them. Groups, and what all of
them agree with, are kept only where the gate is passed; of a group of fewer than five people neither place nor
statements are kept, nor numbers of the others that would tell them; of fewer than five people in all neither counts nor
lists.
"""

import math
import random
from dataclasses import asdict
from typing import Any

from civicvote.domain.opinions.consensus import Z_90, consensus_lists, one_proportion
from civicvote.domain.opinions.gate import Verdict
from civicvote.domain.opinions.matrix import Counts
from civicvote.domain.opinions.opinion_map import OpinionMap
from civicvote.domain.opinions.picture import hull
from civicvote.domain.opinions.policy import LEAST_SHOWN_GROUP
from civicvote.domain.opinions.positions import extremities, votes_needed

#: So many people can still be told apart on a phone.
MOST_POINTS = 500
LONGEST_INFORMED_LIST = 10

Json = dict[str, Any]

_NO_CONSENSUS: Json = {"agree": [], "disagree": []}


def snapshot_of(found: OpinionMap, verdict: Verdict, removed: frozenset[int] = frozenset()) -> Json:
    """The JSON that is stored. ``removed``: statements that moderation took out, which stand in no list."""
    grouping = found.grouping
    shown = verdict.is_passed and grouping is not None
    people = int((found.matrix.cast > 0).sum())
    are_many = people >= LEAST_SHOWN_GROUP
    ids = found.matrix.statements
    return {
        "people": people,
        "placed": int(found.placed.sum()),
        "votes": int(found.matrix.cast.sum()),
        "votes_needed": votes_needed(len(found.matrix.statements)),
        "statements": list(ids),
        "counts": _counts(found) if are_many else [],
        "means": found.components.means.tolist(),
        "loadings": found.components.loadings.tolist(),
        "extremities": extremities(found.components),
        "consensus": _consensus(found, removed) if are_many else _NO_CONSENSUS,
        "informed": _informed(found, removed) if are_many and shown else [],
        "gate": {**asdict(verdict), "is_passed": verdict.is_passed},
        "silhouette": grouping.silhouette if grouping else None,
        "groups": _told(_groups(found, removed), people) if shown else [],
        "points": _points(found) if shown else [],
        "state": grouping.state.to_json() if grouping else None,
    }


def shown_of(result: Json) -> Json:
    """What a page shows of a stored map: the same bounds as when it was stored, whatever they were then."""
    are_many = result["people"] >= LEAST_SHOWN_GROUP
    return {
        **result,
        "consensus": result["consensus"] if are_many else _NO_CONSENSUS,
        "informed": result["informed"] if are_many and result["gate"]["is_passed"] else [],
        "groups": _told(result["groups"], result["people"]),
    }


def _told(groups: list[Json], people: int) -> list[Json]:
    """The groups without their numbers where these and those of everyone would tell what a few think.

    Those who are in no shown group are what is missing to the whole: fewer than five of them would be known."""
    hidden = sum(group["size"] for group in groups if group["is_small"])
    hidden += max(0, people - sum(group["size"] for group in groups))
    if not 0 < hidden < LEAST_SHOWN_GROUP:
        return groups
    return [
        {
            **group,
            "representative": [
                {name: each[name] for name in ("statement", "side")} for each in group["representative"]
            ],
        }
        for group in groups
    ]


def _counts(found: OpinionMap) -> list[Json]:
    return [_counted(found.everyone, place, number) for place, number in enumerate(found.matrix.statements)]


def _consensus(found: OpinionMap, removed: frozenset[int]) -> Json:
    ids = found.matrix.statements
    lists = consensus_lists(found.everyone, most=len(ids))
    return {
        side: [_counted(found.everyone, place, ids[place]) for place in places if ids[place] not in removed][:5]
        for side, places in (("agree", lists.agree), ("disagree", lists.disagree))
    }


def _counted(counts: Counts, place: int, statement: int) -> Json:
    return {
        "statement": statement,
        "agree": int(counts.agree[place]),
        "disagree": int(counts.disagree[place]),
        "seen": int(counts.seen[place]),
    }


def _informed(found: OpinionMap, removed: frozenset[int]) -> list[Json]:
    """What every group can agree with: the geometric mean of the groups' probabilities, where it is above one half and
    everyone together agrees by the one-proportion test."""
    groups = len(found.described.sizes)
    if groups < 2:
        return []
    ids, everyone = found.matrix.statements, found.everyone
    values = found.described.informed ** (1 / groups)
    sure = one_proportion(everyone.agree, everyone.seen) > Z_90
    ranked = sorted(
        (place for place in range(len(ids)) if ids[place] not in removed and sure[place]),
        key=lambda place: (-values[place], place),
    )
    return [
        {**_counted(everyone, place, ids[place]), "value": float(values[place])}
        for place in ranked[:LONGEST_INFORMED_LIST]
        if values[place] > 0.5
    ]


def _groups(found: OpinionMap, removed: frozenset[int]) -> list[Json]:
    assert found.grouping is not None
    groups = []
    for number, size in enumerate(found.described.sizes):
        own = found.positions[found.grouping.members == number]
        if size < LEAST_SHOWN_GROUP:
            groups.append({"size": size, "is_small": True, "hull": [], "centre": None, "representative": []})
            continue
        groups.append(
            {
                "size": size,
                "is_small": False,
                "hull": [[float(x), float(y)] for x, y in hull([(float(x), float(y)) for x, y in own])],
                "centre": own.mean(axis=0).tolist(),
                "representative": _representative(found, number, removed),
            }
        )
    return groups


def _representative(found: OpinionMap, number: int, removed: frozenset[int]) -> list[Json]:
    ids, own = found.matrix.statements, found.described.counts[number]
    # A group that is not shown is in no sum either: of two groups it would be all of the rest.
    sizes = found.described.sizes
    others = [
        counts
        for place, counts in enumerate(found.described.counts)
        if place != number and sizes[place] >= LEAST_SHOWN_GROUP
    ]
    listed = []
    for each in found.described.representative[number]:
        if ids[each.place] in removed:
            continue
        side = each.side.value
        listed.append(
            {
                **_counted(own, each.place, ids[each.place]),
                "side": side,
                "p": each.p,
                "r": each.r,
                "elsewhere": int(sum(getattr(counts, side)[each.place] for counts in others)),
                "elsewhere_seen": int(sum(counts.seen[each.place] for counts in others)),
            }
        )
    return listed


def _points(found: OpinionMap) -> list[list[float | int]]:
    """[x, y, group, people], people of small groups with the group -1, in an order that says nothing."""
    grouping = found.grouping
    assert grouping is not None
    shown = [number if size >= LEAST_SHOWN_GROUP else -1 for number, size in enumerate(found.described.sizes)]
    if len(found.positions) <= MOST_POINTS:
        points = [
            [round(float(x), 4), round(float(y), 4), shown[member], 1]
            for (x, y), member in zip(found.positions, grouping.members, strict=True)
        ]
    else:
        points = [
            [round(float(x), 4), round(float(y), 4), shown[member], int(size)]
            for (x, y), member, size in zip(
                grouping.base.centres, grouping.group_of_base, grouping.base.sizes, strict=True
            )
        ]
    random.SystemRandom().shuffle(points)
    return points


def nearest_group(position: tuple[float, float], groups: list[Json]) -> int | None:
    """The number of the shown group whose centre is nearest; None where none is shown."""
    shown = [(number, group["centre"]) for number, group in enumerate(groups) if group["centre"]]
    return min(shown, key=lambda each: math.dist(position, each[1]), default=(None, None))[0]
