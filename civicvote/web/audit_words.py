"""Words for the acts of the audit, as what somebody did; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.audit.verbs import AuditGroup, AuditVerb

AUDIT_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    AuditGroup: {
        AuditGroup.ROUND: _l("Rounds and phases"),
        AuditGroup.POLL: _l("Votes"),
        AuditGroup.AGENDA: _l("The agenda"),
        AuditGroup.PROJECT: _l("Projects"),
        AuditGroup.LEDGER: _l("Money posted"),
        AuditGroup.DISBURSEMENT: _l("Payments"),
        AuditGroup.CONTENT: _l("Moderation"),
        AuditGroup.ROLE: _l("Roles"),
        AuditGroup.RESIDENCY: _l("Residency"),
        AuditGroup.IDENTITY: _l("Identities"),
        AuditGroup.LETTER: _l("Letters with codes"),
        AuditGroup.ROLL: _l("Lists handed in"),
        AuditGroup.SECOND_FACTOR: _l("Second factors"),
        AuditGroup.PERSONAL_DATA: _l("Personal data read"),
        AuditGroup.REGION: _l("The region itself"),
    },
    AuditVerb: {
        AuditVerb.ROUND_CREATE: _l("Created a round"),
        AuditVerb.ROUND_EDIT: _l("Changed a round"),
        AuditVerb.ROUND_ANNOUNCE: _l("Announced a round"),
        AuditVerb.ROUND_EXTEND: _l("Extended a phase"),
        AuditVerb.ROUND_ENTER: _l("A phase began"),
        AuditVerb.POLL_CREATE: _l("Created a vote"),
        AuditVerb.POLL_EDIT: _l("Changed a vote"),
        AuditVerb.POLL_OPTIONS: _l("Set the options of a vote"),
        AuditVerb.POLL_FREEZE: _l("Fixed the rules of a vote"),
        AuditVerb.POLL_CLOSE: _l("Closed a vote"),
        AuditVerb.POLL_COUNT: _l("Unsealed and counted the ballots"),
        AuditVerb.POLL_PUBLISH: _l("Published the outcome of a vote"),
        AuditVerb.POLL_IMPORT: _l("Took in a vote from a file"),
        AuditVerb.AGENDA_ADOPT: _l("Put what residents selected on the agenda"),
        AuditVerb.PROJECT_CREATE: _l("Created a project"),
        AuditVerb.PROJECT_EDIT: _l("Changed a project"),
        AuditVerb.PROJECT_APPLY_OUTCOME: _l("Carried the outcome over to the projects"),
        AuditVerb.LEDGER_FUND: _l("Put money into the envelope"),
        AuditVerb.LEDGER_ALLOCATE: _l("Allocated money to a project"),
        AuditVerb.LEDGER_RETURN: _l("Returned money"),
        AuditVerb.LEDGER_REVERSE: _l("Reversed a transfer"),
        AuditVerb.DISBURSEMENT_ENTER: _l("Entered a payment"),
        AuditVerb.DISBURSEMENT_APPROVE: _l("Approved a payment"),
        AuditVerb.DISBURSEMENT_REFUSE: _l("Refused a payment"),
        AuditVerb.CONTENT_HIDE: _l("Hid a text"),
        AuditVerb.CONTENT_KEEP: _l("Kept a text that was reported"),
        AuditVerb.CONTENT_RESTORE: _l("Showed a hidden text again"),
        AuditVerb.ROLE_GRANT: _l("Gave a role"),
        AuditVerb.ROLE_WITHDRAW: _l("Took a role back"),
        AuditVerb.RESIDENCY_CONFIRM: _l("Confirmed a residency"),
        AuditVerb.IDENTITY_CLASH: _l("Two accounts with one identity"),
        AuditVerb.LETTER_ISSUE: _l("Made letters with codes"),
        AuditVerb.LETTER_WITHDRAW: _l("Withdrew letters"),
        AuditVerb.LETTER_EXHAUST: _l("A letter was blocked after wrong codes"),
        AuditVerb.ROLL_UPLOAD: _l("Handed in a list of residents"),
        AuditVerb.ROLL_WITHDRAW: _l("Withdrew a list of residents"),
        AuditVerb.SECOND_FACTOR_CHANGE: _l("Changed a second factor"),
        AuditVerb.PERSONAL_DATA_EXPORT: _l("Read a list with personal data"),
        AuditVerb.REGION_SEED: _l("Filled the region with made-up content"),
    },
}
