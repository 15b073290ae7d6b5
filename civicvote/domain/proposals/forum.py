"""What may be said of a forum: bounds against slips of the keyboard."""

from datetime import date, timedelta

PLACE_LENGTH = 200
NOTE_LENGTH = 5000

_YEAR = timedelta(days=365)


def is_likely(held_on: date, today: date) -> bool:
    """Whether a forum may be held on this day: within a year before or after ``today``."""
    return today - _YEAR <= held_on <= today + _YEAR
