"""Signing a proposal together: how many, and how long an invitation waits."""

from datetime import timedelta

#: Beside the author; open invitations count, so that accepting never fails.
MOST_CO_AUTHORS = 5
#: Long enough to open an account and answer. ``retention.periods`` says the same.
INVITATIONS_WAIT = timedelta(days=30)
