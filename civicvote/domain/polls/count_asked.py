"""How long a count that was asked for is waited for before it is taken to have broken off."""

from datetime import datetime, timedelta

LONGEST = timedelta(minutes=15)
"""Many times what a million ballots take. Where a process went down in the middle, it is asked for again after that."""


def is_counting(since: datetime | None, moment: datetime) -> bool:
    return since is not None and moment - since < LONGEST
