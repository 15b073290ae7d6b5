"""The access table: every endpoint with its audience. ``docs/access.md`` and the tests are made from it."""

from civicvote.web.audiences import (
    EVERYBODY,
    Access,
)

ACCESS: dict[str, Access] = {
    "assets.file": EVERYBODY,
    # health
    "health.healthz": EVERYBODY,
    "health.readyz": EVERYBODY,
    # home and pages
    # demo
    # accounts
    # desk
    # notifications
    # regions
    # rounds
    # proposals
    # threads
    # moderation
    # polls
    # agenda
    # budgeting
    # allocations
}
