"""Voices: official answers, summaries, expert opinions and costs; what is owed, and the desks of those who speak."""

from civicvote.blueprints.voices import pages, speaking
from civicvote.blueprints.voices.blueprint import voices

__all__ = ["pages", "speaking", "voices"]
