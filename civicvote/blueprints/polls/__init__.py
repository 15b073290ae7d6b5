"""Polls for voters (``ballots``), for everybody (``pages``) and for those who run them (``managing``)."""

from civicvote.blueprints.polls import ballots, managing, pages
from civicvote.blueprints.polls.blueprint import polls

__all__ = ["ballots", "managing", "pages", "polls"]
