"""Who may do what, as data: roles per region and the permissions each carries."""

from enum import StrEnum


class Role(StrEnum):
    CLERK = "clerk"
    MODERATOR = "moderator"
    BUDGET_ENTRY = "budget_entry"
    BUDGET_APPROVAL = "budget_approval"
    REVIEWER = "reviewer"
    REPRESENTATIVE = "representative"
    EXPERT = "expert"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    PROPOSAL_SUBMIT = "proposal:submit"
    PROPOSAL_EDIT = "proposal:edit"
    PROPOSAL_ENDORSE = "proposal:endorse"
    COMMENT_POST = "comment:post"
    COMMENT_EDIT = "comment:edit"
    CONTENT_REPORT = "content:report"
    CONTENT_MODERATE = "content:moderate"
    BALLOT_CAST = "ballot:cast"
    POLL_MANAGE = "poll:manage"
    AGENDA_MANAGE = "agenda:manage"
    PROJECT_MANAGE = "project:manage"
    LEDGER_ENTER = "ledger:enter"
    LEDGER_APPROVE = "ledger:approve"
    RESIDENCY_CONFIRM = "residency:confirm"
    RESIDENCY_RULE = "residency:rule"
    LETTER_ISSUE = "letter:issue"
    ROLL_UPLOAD = "roll:upload"
    IDENTITY_DECIDE = "identity:decide"
    PERSONAL_DATA_EXPORT = "personal_data:export"
    AUDIT_READ = "audit:read"
    ROUND_MANAGE = "round:manage"
    ROLE_GRANT = "role:grant"


#: What everybody who signed in may do, phases permitting. A ballot also needs the poll's roll.
SIGNED_IN_PERMISSIONS = frozenset(
    {
        Permission.PROPOSAL_SUBMIT,
        Permission.PROPOSAL_EDIT,
        Permission.PROPOSAL_ENDORSE,
        Permission.COMMENT_POST,
        Permission.COMMENT_EDIT,
        Permission.CONTENT_REPORT,
        Permission.BALLOT_CAST,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset({Permission.RESIDENCY_CONFIRM, Permission.LETTER_ISSUE}),
    Role.MODERATOR: frozenset({Permission.CONTENT_MODERATE}),
    Role.BUDGET_ENTRY: frozenset({Permission.AGENDA_MANAGE, Permission.PROJECT_MANAGE, Permission.LEDGER_ENTER}),
    Role.BUDGET_APPROVAL: frozenset({Permission.LEDGER_APPROVE}),
    # What these three do by their roles comes with reviews and support; until then the role is a public tag.
    Role.REVIEWER: frozenset(),
    Role.REPRESENTATIVE: frozenset(),
    Role.EXPERT: frozenset(),
    Role.OBSERVER: frozenset({Permission.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ROUND_MANAGE,
            Permission.POLL_MANAGE,
            Permission.AGENDA_MANAGE,
            Permission.PROJECT_MANAGE,
            Permission.RESIDENCY_RULE,
            Permission.ROLL_UPLOAD,
            Permission.IDENTITY_DECIDE,
            Permission.PERSONAL_DATA_EXPORT,
            Permission.AUDIT_READ,
            Permission.ROLE_GRANT,
        }
    ),
}
