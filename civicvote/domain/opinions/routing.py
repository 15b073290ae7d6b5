"""Which statement somebody is shown next (Small et al. 2021).

priority = [ (1 - (P + 1)/(S + 2)) · (E + 1) · (A + 1)/(S + 2) · (1 + 8 · 2^(-S/5)) ]², with A agrees, P passes among S
who saw it, E the length of the position that one lone agree on it would give: what divides, what many can agree with
and what is new comes sooner, what many pass on comes later. Drawn among the unvoted in proportion to it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may come next; ``extremity`` is 0 as long as it is in no computed map."""

    statement_id: int
    agrees: int
    passes: int
    seen: int
    extremity: float = 0.0


def priority(candidate: Candidate) -> float:
    seen = candidate.seen
    interest = 1 - (candidate.passes + 1) / (seen + 2)
    agreed = (candidate.agrees + 1) / (seen + 2)
    fresh = 1 + 8 * 2 ** (-seen / 5)
    return float((interest * (candidate.extremity + 1) * agreed * fresh) ** 2)


def next_statement(candidates: Sequence[Candidate], chance: random.Random) -> int | None:
    """The id of a statement drawn in proportion to priority; None where there is none left."""
    if not candidates:
        return None
    weights = [priority(each) for each in candidates]
    return chance.choices([each.statement_id for each in candidates], weights)[0]
