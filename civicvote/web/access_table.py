"""The access table: every endpoint with its audience. ``docs/access.md`` and the tests are made from it."""

from civicvote.kernel.permissions import Permission
from civicvote.web.audiences import DEMO_ONLY, EVERYBODY, SIGNED_IN, VISITORS, Access, permitted

ACCESS: dict[str, Access] = {
    "assets.file": EVERYBODY,
    # health
    "health.healthz": EVERYBODY,
    "health.readyz": EVERYBODY,
    # home and pages
    "home.index": EVERYBODY,
    "pages.how": EVERYBODY,
    "pages.promises": EVERYBODY,
    "pages.accessibility": EVERYBODY,
    "pages.licences": EVERYBODY,
    # demo
    "demo.mail": DEMO_ONLY,
    # accounts
    "accounts.sign_up": VISITORS,
    "accounts.sign_in": VISITORS,
    "accounts.sign_out": SIGNED_IN,
    "accounts.me": SIGNED_IN,
    # desk
    "desk.residency": permitted(Permission.RESIDENCY_CONFIRM),
    "desk.roles": permitted(Permission.ROLE_GRANT),
    "desk.withdraw_role": permitted(Permission.ROLE_GRANT),
    # notifications
    "notifications.inbox": SIGNED_IN,
    "notifications.mark_read": SIGNED_IN,
    # regions
    "regions.index": EVERYBODY,
    "regions.show": EVERYBODY,
    # rounds
    "rounds.index": EVERYBODY,
    "rounds.show": EVERYBODY,
    "rounds.manage": permitted(Permission.ROUND_MANAGE),
    "rounds.create": permitted(Permission.ROUND_MANAGE),
    "rounds.edit": permitted(Permission.ROUND_MANAGE),
    "rounds.announce": permitted(Permission.ROUND_MANAGE),
    "rounds.extend": permitted(Permission.ROUND_MANAGE),
    # proposals
    # threads
    # moderation
    # polls
    # agenda
    # budgeting
    # allocations
}
