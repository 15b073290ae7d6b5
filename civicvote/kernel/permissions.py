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
    PROPOSAL_FOLLOW = "proposal:follow"
    PROPOSAL_MERGE = "proposal:merge"
    PROPOSAL_IMPORT = "proposal:import"
    COMMENT_POST = "comment:post"
    COMMENT_EDIT = "comment:edit"
    COMMENT_RATE = "comment:rate"
    OPINION_VOTE = "opinion:vote"
    OPINION_STATE = "opinion:state"
    OPINION_MANAGE = "opinion:manage"
    VOICE_ANSWER = "voice:answer"
    VOICE_MAYOR = "voice:mayor"
    VOICE_SUMMARISE = "voice:summarise"
    VOICE_OPINE = "voice:opine"
    VOICE_BUDGET = "voice:budget"
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
    MONITOR_READ = "monitor:read"
    NETWORK_LIST = "network:list"
    ROUND_MANAGE = "round:manage"
    ROLE_GRANT = "role:grant"


#: What everybody who signed in may do, phases permitting. A ballot also needs the poll's roll.
SIGNED_IN_PERMISSIONS = frozenset(
    {
        Permission.PROPOSAL_SUBMIT,
        Permission.PROPOSAL_EDIT,
        Permission.PROPOSAL_ENDORSE,
        Permission.PROPOSAL_FOLLOW,
        Permission.COMMENT_POST,
        Permission.COMMENT_EDIT,
        Permission.COMMENT_RATE,
        Permission.OPINION_VOTE,
        Permission.OPINION_STATE,
        Permission.CONTENT_REPORT,
        Permission.BALLOT_CAST,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset({Permission.RESIDENCY_CONFIRM, Permission.LETTER_ISSUE, Permission.PROPOSAL_IMPORT}),
    Role.MODERATOR: frozenset(
        {
            Permission.CONTENT_MODERATE,
            Permission.PROPOSAL_MERGE,
            Permission.OPINION_MANAGE,
            Permission.VOICE_SUMMARISE,
        }
    ),
    Role.BUDGET_ENTRY: frozenset(
        {
            Permission.AGENDA_MANAGE,
            Permission.PROJECT_MANAGE,
            Permission.LEDGER_ENTER,
            Permission.VOICE_BUDGET,
        }
    ),
    Role.BUDGET_APPROVAL: frozenset({Permission.LEDGER_APPROVE}),
    Role.REVIEWER: frozenset({Permission.VOICE_ANSWER, Permission.PROPOSAL_MERGE}),
    # What representatives do by their role comes with support; until then the role is a public tag.
    Role.REPRESENTATIVE: frozenset(),
    Role.EXPERT: frozenset({Permission.VOICE_OPINE}),
    Role.OBSERVER: frozenset({Permission.AUDIT_READ, Permission.MONITOR_READ}),
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
            Permission.NETWORK_LIST,
            Permission.ROLE_GRANT,
            Permission.PROPOSAL_IMPORT,
            Permission.OPINION_MANAGE,
            Permission.VOICE_ANSWER,
            Permission.VOICE_MAYOR,
        }
    ),
}
