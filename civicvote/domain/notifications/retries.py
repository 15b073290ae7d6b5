"""When a mail that did not go out is tried again."""

from datetime import timedelta

#: After this many tries somebody has to look: the row stays with its last error.
MOST_ATTEMPTS = 10

#: How long a worker may take over one mail before another one takes it.
LEASE = timedelta(minutes=5)

_LONGEST_WAIT = timedelta(hours=6)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed tries (1 or more): 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** (attempts - 1)), _LONGEST_WAIT)
