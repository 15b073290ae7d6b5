"""The access table: every endpoint with its audience. ``docs/access.md`` and the tests are made from it."""

from civicvote.domain.uploads.rules import LARGEST_REQUEST
from civicvote.kernel.permissions import Permission
from civicvote.web.audiences import (
    DEMO_ONLY,
    EVERYBODY,
    SIGNED_IN,
    VISITORS,
    Access,
    Audience,
    permitted,
    stepped_up,
    taking_files,
)

MEBIBYTE = 1024 * 1024

#: A passkey's challenge is spent, whether its answer fits or not.
_SHOWS_FACTOR = Access(Audience.SIGNED_IN, records_refusals=True)

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
    "accounts.comments": SIGNED_IN,
    "accounts.reset": EVERYBODY,
    "accounts.mailed": EVERYBODY,
    "accounts.begin": EVERYBODY,
    "accounts.new_password": EVERYBODY,
    "accounts.new_address": EVERYBODY,
    "accounts.account": SIGNED_IN,
    "accounts.password": stepped_up(SIGNED_IN, reading=True),
    "accounts.password_link": SIGNED_IN,
    "accounts.mail_address": stepped_up(SIGNED_IN, reading=True),
    "accounts.language": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.end_other_sessions": SIGNED_IN,
    "accounts.data": stepped_up(SIGNED_IN, reading=True),
    "accounts.close": stepped_up(SIGNED_IN, reading=True),
    # providers
    "providers.start": EVERYBODY,
    "providers.callback": Access(Audience.EVERYBODY, writes_safely=True),
    "providers.sign_up": VISITORS,
    "providers.mine": SIGNED_IN,
    "providers.link": SIGNED_IN,
    "providers.unlink": SIGNED_IN,
    # second factor
    "second_factor.index": SIGNED_IN,
    "second_factor.confirm": _SHOWS_FACTOR,
    "second_factor.request_options": SIGNED_IN,
    "second_factor.prepare": stepped_up(SIGNED_IN),
    "second_factor.authenticator": stepped_up(SIGNED_IN, reading=True),
    "second_factor.remove_authenticator": stepped_up(SIGNED_IN),
    "second_factor.creation_options": SIGNED_IN,
    "second_factor.add_passkey": stepped_up(_SHOWS_FACTOR, reading=True),
    "second_factor.remove_passkey": stepped_up(SIGNED_IN),
    "second_factor.recovery_codes": stepped_up(SIGNED_IN),
    # desk
    "desk.roles": stepped_up(permitted(Permission.ROLE_GRANT)),
    "desk.withdraw_role": stepped_up(permitted(Permission.ROLE_GRANT)),
    # letters and rolls
    "letters.index": permitted(Permission.LETTER_ISSUE),
    "letters.make": stepped_up(
        taking_files(permitted(Permission.LETTER_ISSUE), largest_body=2 * MEBIBYTE), reading=True
    ),
    "letters.single": stepped_up(permitted(Permission.LETTER_ISSUE), reading=True),
    "letters.withdraw": permitted(Permission.LETTER_ISSUE),
    "letters.enter": Access(Audience.SIGNED_IN, records_refusals=True),
    "rolls.index": permitted(Permission.ROLL_UPLOAD),
    "rolls.upload": stepped_up(
        taking_files(permitted(Permission.ROLL_UPLOAD), largest_body=32 * MEBIBYTE), reading=True
    ),
    "rolls.show": permitted(Permission.ROLL_UPLOAD),
    "rolls.refused": permitted(Permission.ROLL_UPLOAD),
    "rolls.withdraw": permitted(Permission.ROLL_UPLOAD),
    "rolls.claim": SIGNED_IN,
    # verification
    "verification.residency": EVERYBODY,
    "verification.declare": SIGNED_IN,
    "verification.desk": permitted(Permission.RESIDENCY_CONFIRM),
    "verification.guardians": permitted(Permission.RESIDENCY_CONFIRM),
    "verification.withdraw_consent": permitted(Permission.RESIDENCY_CONFIRM),
    "verification.rules": permitted(Permission.RESIDENCY_RULE),
    "verification.class_rule": stepped_up(permitted(Permission.RESIDENCY_RULE)),
    "verification.exclusion_rule": stepped_up(permitted(Permission.RESIDENCY_RULE)),
    "verification.clashes": permitted(Permission.IDENTITY_DECIDE),
    "verification.clash": stepped_up(permitted(Permission.IDENTITY_DECIDE)),
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
    "proposals.new": taking_files(SIGNED_IN, largest_body=LARGEST_REQUEST),
    "proposals.edit": taking_files(SIGNED_IN, largest_body=LARGEST_REQUEST),
    "proposals.endorse": SIGNED_IN,
    "proposals.withdraw": SIGNED_IN,
    # files
    "files.of_proposal": EVERYBODY,
    "files.thumbnail_of_proposal": EVERYBODY,
    "files.own": SIGNED_IN,
    "files.own_thumbnail": SIGNED_IN,
    "files.evidence": permitted(Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE, Permission.AUDIT_READ),
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
    "polls.close": stepped_up(permitted(Permission.POLL_MANAGE)),
    "polls.publish": stepped_up(permitted(Permission.POLL_MANAGE)),
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
    "allocations.enter": taking_files(permitted(Permission.LEDGER_ENTER), largest_body=LARGEST_REQUEST),
    "allocations.return": permitted(Permission.LEDGER_ENTER),
    "allocations.approve": stepped_up(permitted(Permission.LEDGER_APPROVE)),
    "allocations.refuse": permitted(Permission.LEDGER_APPROVE),
    "allocations.reverse": stepped_up(permitted(Permission.LEDGER_APPROVE)),
    # audit
    "audit.entries": permitted(Permission.AUDIT_READ),
    "audit.export_entries": stepped_up(permitted(Permission.AUDIT_READ)),
    "audit.heads": EVERYBODY,
    "audit.heads_text": EVERYBODY,
    "audit.heads_json": EVERYBODY,
    "retention.table": EVERYBODY,
    "audit.export_residents": stepped_up(permitted(Permission.PERSONAL_DATA_EXPORT)),
}
