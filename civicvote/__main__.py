"""``python -m civicvote`` is the ``civicvote`` command."""

from civicvote.app import main

main()
