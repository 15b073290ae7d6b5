"""What people are told about. Each kind has a sentence in ``web.notices`` and a mail in ``templates/email``."""

from enum import StrEnum


class NotificationKind(StrEnum):
    WELCOME = "welcome"
    ACCOUNT_EXISTS = "account_exists"
    COMMENT_ON_PROPOSAL = "comment_on_proposal"
    REPLY_TO_COMMENT = "reply_to_comment"
    CONTENT_HIDDEN = "content_hidden"
    CONTENT_RESTORED = "content_restored"
    RESIDENCY_CONFIRMED = "residency_confirmed"
    RESIDENCY_EXCLUDED = "residency_excluded"
    IDENTITY_CLASH = "identity_clash"
    IDENTITY_DECIDED = "identity_decided"
    PROPOSAL_SELECTED = "proposal_selected"
    PROJECT_FUNDED = "project_funded"
    DISBURSEMENT_WAITING = "disbursement_waiting"
    DISBURSEMENT_DECIDED = "disbursement_decided"
