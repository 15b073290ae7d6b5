"""What is told beside an outcome, as the JSON that is stored, and back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from civicvote.domain.outcomes.paying import GroupPaid
from civicvote.domain.outcomes.satisfaction import Satisfaction
from civicvote.domain.polls.bundle.ballots import PollFacts

_DAYS = ("began_on", "ended_on")


@dataclass(frozen=True, slots=True)
class BundleMark:
    """``manifest_hash``: SHA-256 of the manifest of the poll's bundle, by which everybody compares the copy in hand.
    ``facts``: the words that the bundle was made with and is made with for good, whatever is renamed later."""

    manifest_hash: str
    facts: PollFacts


@dataclass(frozen=True, slots=True)
class Insight:
    """``satisfaction``: None where it would tell what a small district chose. ``paid_by`` and ``bundle``: of the poll's
    own rule alone; payments where voters pay under it and groups are large enough to be told, a bundle where single
    ballots may be shown."""

    satisfaction: Satisfaction | None
    paid_by: tuple[GroupPaid, ...] = ()
    bundle: BundleMark | None = None


def write(insight: Insight) -> dict[str, Any]:
    """``bundle`` is an empty object where there is none: without the name nobody has looked yet."""
    told = asdict(insight)
    facts = told["bundle"]["facts"] if told["bundle"] else {}
    facts |= {name: facts[name].isoformat() for name in _DAYS if name in facts}
    return told | {"bundle": told["bundle"] or {}}


def read(stored: Mapping[str, Any]) -> Insight:
    """What ``write`` wrote."""
    told, bundle = stored["satisfaction"], stored.get("bundle")
    lists = {name: tuple(told[name]) for name in ("by_number", "by_cost")} if told else {}
    return Insight(
        satisfaction=Satisfaction(**told | lists) if told else None,
        paid_by=tuple(GroupPaid(**group) for group in stored["paid_by"]),
        bundle=BundleMark(bundle["manifest_hash"], _facts(bundle["facts"])) if bundle else None,
    )


def _facts(stored: Mapping[str, Any]) -> PollFacts:
    return PollFacts(**{**stored, **{name: date.fromisoformat(stored[name]) for name in _DAYS}})
