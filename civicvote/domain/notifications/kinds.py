"""What people are told about. Each kind has a sentence in ``web.notices`` and a mail in ``templates/email``."""

from enum import StrEnum


class NotificationKind(StrEnum):
    SIGN_UP_LINK = "sign_up_link"
    ACCOUNT_EXISTS = "account_exists"
    NO_ACCOUNT = "no_account"
    RESET_LINK = "reset_link"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 – what happened
    MAIL_CHANGE_LINK = "mail_change_link"
    MAIL_CHANGE_ASKED = "mail_change_asked"
    MAIL_CHANGED = "mail_changed"
    ACCOUNT_CLOSED = "account_closed"
    COMMENT_ON_PROPOSAL = "comment_on_proposal"
    REPLY_TO_COMMENT = "reply_to_comment"
    CONTENT_HIDDEN = "content_hidden"
    CONTENT_RESTORED = "content_restored"
    RESIDENCY_CONFIRMED = "residency_confirmed"
    RESIDENCY_EXCLUDED = "residency_excluded"
    IDENTITY_CLASH = "identity_clash"
    IDENTITY_DECIDED = "identity_decided"
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    ROLE_GRANTED = "role_granted"
    ROLE_WITHDRAWN = "role_withdrawn"
    PROPOSAL_SELECTED = "proposal_selected"
    PROJECT_FUNDED = "project_funded"
    DISBURSEMENT_WAITING = "disbursement_waiting"
    DISBURSEMENT_DECIDED = "disbursement_decided"
