"""Proposals: pages (``routes``), lists (``listing``), writing and changing them (``writing``),
drafts (``drafts``), what was said before (``versions``), who signs (``authors``)."""

from civicvote.blueprints.proposals import (
    authors,
    drafts,
    exporting,
    following,
    importing,
    listing,
    merging,
    routes,
    similar,
    versions,
    writing,
)
from civicvote.blueprints.proposals.blueprint import proposals

__all__ = [
    "authors",
    "drafts",
    "exporting",
    "following",
    "importing",
    "listing",
    "merging",
    "proposals",
    "routes",
    "similar",
    "versions",
    "writing",
]
