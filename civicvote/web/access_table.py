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
    "proposals.index": EVERYBODY,
    "proposals.show": EVERYBODY,
    "proposals.versions": EVERYBODY,
    "proposals.new": SIGNED_IN,
    "proposals.edit": SIGNED_IN,
    "proposals.endorse": SIGNED_IN,
    "proposals.withdraw": SIGNED_IN,
    # threads
    "threads.show": EVERYBODY,
    "threads.comment": EVERYBODY,
    "threads.replies": EVERYBODY,
    "threads.reply": SIGNED_IN,
    "threads.post_comment": SIGNED_IN,
    "threads.edit_comment": SIGNED_IN,
    "threads.withdraw_comment": SIGNED_IN,
    # moderation
    "moderation.report": SIGNED_IN,
    "moderation.queue": permitted(Permission.CONTENT_MODERATE),
    "moderation.case": permitted(Permission.CONTENT_MODERATE),
    "moderation.claim": permitted(Permission.CONTENT_MODERATE),
    "moderation.decide": permitted(Permission.CONTENT_MODERATE),
    "moderation.log": EVERYBODY,
    # polls
    "polls.index": EVERYBODY,
    "polls.show": EVERYBODY,
    "polls.rules": EVERYBODY,
    "polls.outcome": EVERYBODY,
    "polls.basket": SIGNED_IN,
    "polls.confirm": SIGNED_IN,
    "polls.cast": SIGNED_IN,
    "polls.receipt": SIGNED_IN,
    "polls.manage": permitted(Permission.POLL_MANAGE),
    "polls.create": permitted(Permission.POLL_MANAGE),
    "polls.edit": permitted(Permission.POLL_MANAGE),
    "polls.options": permitted(Permission.POLL_MANAGE),
    "polls.freeze": permitted(Permission.POLL_MANAGE),
    "polls.close": permitted(Permission.POLL_MANAGE),
    "polls.publish": permitted(Permission.POLL_MANAGE),
    # agenda
    "agenda.index": EVERYBODY,
    "agenda.adopt": permitted(Permission.AGENDA_MANAGE),
    # budgeting
    "budgeting.index": EVERYBODY,
    "budgeting.show": EVERYBODY,
    "budgeting.new": permitted(Permission.PROJECT_MANAGE),
    "budgeting.edit": permitted(Permission.PROJECT_MANAGE),
    "budgeting.apply": permitted(Permission.PROJECT_MANAGE),
    # allocations
    "allocations.money": EVERYBODY,
    "allocations.desk": permitted(Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE),
    "allocations.project": permitted(Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE),
    "allocations.payment": permitted(Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE),
    "allocations.fund": permitted(Permission.LEDGER_ENTER),
    "allocations.allocate": permitted(Permission.LEDGER_ENTER),
    "allocations.enter": permitted(Permission.LEDGER_ENTER),
    "allocations.return": permitted(Permission.LEDGER_ENTER),
    "allocations.approve": permitted(Permission.LEDGER_APPROVE),
    "allocations.refuse": permitted(Permission.LEDGER_APPROVE),
    "allocations.reverse": permitted(Permission.LEDGER_APPROVE),
}
