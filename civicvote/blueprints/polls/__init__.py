"""Polls for voters (``ballots``), for everybody (``pages``, ``outcome``, ``protocol``, ``simulator``, ``receipts``,
``bundles``) and for those who run them (``managing``, ``preparing``, ``closing``, ``keyholders``)."""

from civicvote.blueprints.polls import (
    ballots,
    bundles,
    closing,
    keyholders,
    managing,
    outcome,
    pages,
    preparing,
    protocol,
    receipts,
    simulator,
)
from civicvote.blueprints.polls.blueprint import polls

__all__ = [
    "ballots",
    "bundles",
    "closing",
    "keyholders",
    "managing",
    "outcome",
    "pages",
    "polls",
    "preparing",
    "protocol",
    "receipts",
    "simulator",
]
