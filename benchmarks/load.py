"""What is sent and what came of it, whichever generator sends it."""

import uuid
from dataclasses import dataclass

#: Stands in a body where every request needs a value of its own, such as an idempotency key; as long as that value.
FRESH = "FRESH-FRESH-FRESH-FRESH-FRESH-32"


#: No digits: thirteen of them in a comment may look like a resident registration number, which the site refuses.
_LETTERS = str.maketrans("0123456789", "ghijkmnpqr")


def fresh() -> str:
    """A value that was never sent, as long as ``FRESH``."""
    return uuid.uuid4().hex.translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Shot:
    """One request that is sent again and again."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """``shots`` are taken in turn, so that requests come from many people. ``statuses`` are the right answers."""

    port: int
    shots: tuple[Shot, ...]
    statuses: tuple[int, ...] = (200,)


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. Times in milliseconds. ``answered``: right answers, those after the end of the time too;
    ``wrong``: those with another status than expected, and those that never came; ``statuses``: which those were,
    0 where none came (our own client only)."""

    per_second: float
    p50: float
    p95: float
    answered: int
    wrong: int
    statuses: tuple[int, ...] = ()


def percentile(ordered: list[float], share: float) -> float:
    """The value below which ``share`` of the ordered values lie (nearest rank); 0 without values."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
