"""Search: one page for all regions, one for each."""

from civicvote.blueprints.search.routes import search

__all__ = ["search"]
