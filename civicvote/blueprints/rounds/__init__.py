"""Rounds for residents (``pages``) and for those who run them (``managing``)."""

from civicvote.blueprints.rounds import managing, pages
from civicvote.blueprints.rounds.blueprint import rounds

__all__ = ["managing", "pages", "rounds"]
