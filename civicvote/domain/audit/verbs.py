"""The acts that the audit holds. A verb reads ``resource:action``; its resource is the group that one filters by."""

from enum import StrEnum


class AuditGroup(StrEnum):
    """What an act concerns: the part of a verb before the colon."""

    ROUND = "round"
    POLL = "poll"
    AGENDA = "agenda"
    PROJECT = "project"
    LEDGER = "ledger"
    DISBURSEMENT = "disbursement"
    CONTENT = "content"
    ROLE = "role"
    RESIDENCY = "residency"
    GUARDIAN = "guardian"
    IDENTITY = "identity"
    LETTER = "letter"
    ROLL = "roll"
    SECOND_FACTOR = "second_factor"
    PERSONAL_DATA = "personal_data"
    REGION = "region"


class AuditVerb(StrEnum):
    """Every act that a chain may hold. A member stays for good once it was used: chains of old hold it."""

    ROUND_CREATE = "round:create"
    ROUND_EDIT = "round:edit"
    ROUND_ANNOUNCE = "round:announce"
    ROUND_EXTEND = "round:extend"
    ROUND_ENTER = "round:enter"
    POLL_CREATE = "poll:create"
    POLL_EDIT = "poll:edit"
    POLL_OPTIONS = "poll:options"
    POLL_FREEZE = "poll:freeze"
    POLL_CLOSE = "poll:close"
    POLL_COUNT = "poll:count"
    POLL_PUBLISH = "poll:publish"
    POLL_IMPORT = "poll:import"
    AGENDA_ADOPT = "agenda:adopt"
    PROJECT_CREATE = "project:create"
    PROJECT_EDIT = "project:edit"
    PROJECT_APPLY_OUTCOME = "project:apply_outcome"
    LEDGER_FUND = "ledger:fund"
    LEDGER_ALLOCATE = "ledger:allocate"
    LEDGER_RETURN = "ledger:return"
    LEDGER_REVERSE = "ledger:reverse"
    DISBURSEMENT_ENTER = "disbursement:enter"
    DISBURSEMENT_APPROVE = "disbursement:approve"
    DISBURSEMENT_REFUSE = "disbursement:refuse"
    CONTENT_HIDE = "content:hide"
    CONTENT_KEEP = "content:keep"
    CONTENT_RESTORE = "content:restore"
    ROLE_GRANT = "role:grant"
    ROLE_WITHDRAW = "role:withdraw"
    RESIDENCY_CONFIRM = "residency:confirm"
    RESIDENCY_RULE = "residency:rule"
    GUARDIAN_CONSENT = "guardian:consent"
    GUARDIAN_WITHDRAW = "guardian:withdraw"
    IDENTITY_CLASH = "identity:clash"
    IDENTITY_DECIDE = "identity:decide"
    LETTER_ISSUE = "letter:issue"
    LETTER_WITHDRAW = "letter:withdraw"
    LETTER_EXHAUST = "letter:exhaust"
    ROLL_UPLOAD = "roll:upload"
    ROLL_WITHDRAW = "roll:withdraw"
    SECOND_FACTOR_CHANGE = "second_factor:change"
    PERSONAL_DATA_EXPORT = "personal_data:export"
    REGION_SEED = "region:seed"

    @property
    def group(self) -> AuditGroup:
        return AuditGroup(self.value.partition(":")[0])


def verbs_of(group: AuditGroup) -> list[AuditVerb]:
    """The acts of a group, in their own order."""
    return [verb for verb in AuditVerb if verb.group is group]
