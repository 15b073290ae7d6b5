"""What a person is told, in the reader's language: one sentence a kind, on the site and as the subject of the mail."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.accounts.residency import ExcludedGroup
from civicvote.domain.accounts.second_factor import FactorChange
from civicvote.domain.moderation.kinds import ReportReason, SubjectKind
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.opinions.states import StatementState
from civicvote.domain.proposals.states import CoAuthorState, MergeNews
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel.permissions import Role
from civicvote.web.ballot_words import UNFINISHED
from civicvote.web.filters import day, money, when
from civicvote.web.i18n import current_locale
from civicvote.web.labels import label
from civicvote.web.notices_following import FOLLOWED, OWED

_WITHOUT_VARIANT = ""

#: kind → variant → sentence. Two kinds say different things about different subjects; the rest have one sentence.
NOTICES: dict[NotificationKind, dict[str, LazyString]] = {
    NotificationKind.SIGN_UP_LINK: {"": _l("%(name)s, one step is left to your account.")},
    NotificationKind.ACCOUNT_EXISTS: {"": _l("You have an account with this address already.")},
    NotificationKind.NO_ACCOUNT: {"": _l("No account has this address.")},
    NotificationKind.RESET_LINK: {"": _l("Choose a new password")},
    NotificationKind.PASSWORD_CHANGED: {"": _l("Your password was changed.")},
    NotificationKind.MAIL_CHANGE_LINK: {"": _l("Confirm your new mail address")},
    NotificationKind.MAIL_CHANGE_ASKED: {"": _l("Your account is to get another mail address.")},
    NotificationKind.MAIL_CHANGED: {"": _l("Your account has another mail address now.")},
    NotificationKind.ACCOUNT_CLOSED: {"": _l("Your account was closed.")},
    NotificationKind.COMMENT_ON_PROPOSAL: {"": _l("%(author)s commented on your proposal “%(title)s”.")},
    NotificationKind.REPLY_TO_COMMENT: {"": _l("%(author)s replied to your comment on “%(title)s”.")},
    NotificationKind.CONTENT_HIDDEN: {
        SubjectKind.PROPOSAL: _l("Your proposal was hidden: %(reason)s."),
        SubjectKind.COMMENT: _l("Your comment was hidden: %(reason)s."),
    },
    NotificationKind.CONTENT_RESTORED: {
        SubjectKind.PROPOSAL: _l("Your proposal “%(excerpt)s” can be read again."),
        SubjectKind.COMMENT: _l("Your comment “%(excerpt)s” can be read again."),
    },
    NotificationKind.RESIDENCY_CONFIRMED: {"": _l("You are confirmed as a resident of %(region)s.")},
    NotificationKind.RESIDENCY_EXCLUDED: {
        ExcludedGroup.STAFF: _l("You are confirmed in %(region)s, but staff of the city have no ballot there."),
        ExcludedGroup.COUNCIL: _l("You are confirmed in %(region)s, but members of its council have no ballot there."),
        ExcludedGroup.UNDER_AGE: _l(
            "You are confirmed in %(region)s. You can vote as soon as you reach the age that a vote asks for."
        ),
    },
    NotificationKind.IDENTITY_CLASH: {
        "": _l("%(region)s: another account was verified as the same person. An administrator looks at it.")
    },
    NotificationKind.IDENTITY_DECIDED: {
        "later:transfer": _l("You are confirmed as a resident of %(region)s; your earlier account no longer is."),
        "later:refuse": _l("%(region)s did not confirm you with this account: your earlier account stays."),
        "later:namesake": _l("You are confirmed as a resident of %(region)s. Somebody else has your name."),
        "earlier:transfer": _l("Your confirmation as a resident of %(region)s moved to your other account."),
        "earlier:refuse": _l("%(region)s: somebody was verified as you with another account. It was refused."),
        "earlier:namesake": _l("%(region)s: somebody has your name and birth date. Nothing changes for you."),
    },
    NotificationKind.PROVIDER_LINKED: {"": _l("Your account can now also be opened with %(provider)s.")},
    NotificationKind.PROVIDER_UNLINKED: {"": _l("Your account can no longer be opened with %(provider)s.")},
    NotificationKind.SECOND_FACTOR_CHANGED: {
        FactorChange.AUTHENTICATOR_ADDED: _l("An authenticator app was set up for your account."),
        FactorChange.AUTHENTICATOR_REPLACED: _l("Your account has another authenticator app now."),
        FactorChange.AUTHENTICATOR_REMOVED: _l("The authenticator app of your account was removed."),
        FactorChange.PASSKEY_ADDED: _l("A passkey was added to your account."),
        FactorChange.PASSKEY_REMOVED: _l("A passkey of your account was removed."),
        FactorChange.RECOVERY_CODES_MADE: _l("New recovery codes were made for your account."),
        FactorChange.RECOVERY_CODE_USED: _l("A recovery code of your account was used."),
        FactorChange.RESET: _l("All second factors of your account were removed by the people who run this site."),
    },
    NotificationKind.ROLE_GRANTED: {"": _l("%(region)s: you have a role now: %(role)s.")},
    NotificationKind.ROLE_WITHDRAWN: {"": _l("%(region)s: you no longer have the role: %(role)s.")},
    NotificationKind.MERGE_NEWS: {
        MergeNews.ASKED: _l("Your answer is needed: shall “%(leading)s” and “%(merged)s” become one proposal?"),
        MergeNews.MERGED: _l("“%(merged)s” is now merged into “%(leading)s”."),
        MergeNews.REFUSED: _l("“%(leading)s” and “%(merged)s” stay two proposals: the merge was refused."),
        MergeNews.TAKEN_BACK: _l("Nobody asks any more to merge “%(leading)s” and “%(merged)s”."),
        MergeNews.UNDONE: _l("The merge was undone: “%(leading)s” and “%(merged)s” are two proposals again."),
        MergeNews.RELEASED: _l("“%(leading)s” was withdrawn, so “%(merged)s” stands by itself again."),
    },
    NotificationKind.FOLLOWED_PROPOSAL: FOLLOWED,
    NotificationKind.ANSWER_OWED: OWED,
    NotificationKind.CO_AUTHOR_INVITED: {"": _l("%(author)s asks you to sign the proposal “%(title)s” together.")},
    NotificationKind.CO_AUTHOR_SIGN_UP: {"": _l("%(author)s asks you to sign a proposal together.")},
    NotificationKind.CO_AUTHOR_ANSWERED: {
        CoAuthorState.ACCEPTED: _l("%(author)s signs your proposal “%(title)s” with you now."),
        CoAuthorState.LEFT: _l("%(author)s no longer signs your proposal “%(title)s”."),
    },
    NotificationKind.CO_AUTHOR_REMOVED: {"": _l("%(author)s took you out of those who sign “%(title)s”.")},
    NotificationKind.OPINION_STATEMENT_DECIDED: {
        StatementState.ACCEPTED: _l("Your statement “%(text)s” is in the question “%(title)s” now."),
        StatementState.REFUSED: _l("Your statement “%(text)s” was not taken into the question “%(title)s”."),
    },
    NotificationKind.BALLOT_UNFINISHED: UNFINISHED,
    NotificationKind.PROPOSAL_SELECTED: {"": _l("Residents selected your proposal “%(title)s” as an agenda item.")},
    NotificationKind.PROJECT_FUNDED: {"": _l("The project “%(title)s” was allocated %(amount)s.")},
    NotificationKind.DISBURSEMENT_WAITING: {
        "": _l("A payment of %(amount)s to %(payee)s for “%(project)s” waits for approval.")
    },
    NotificationKind.DISBURSEMENT_DECIDED: {
        "approved": _l("The payment of %(amount)s for “%(project)s” was approved."),
        "refused": _l("The payment of %(amount)s for “%(project)s” was refused."),
    },
}

#: Which parameter tells the sentences of a kind apart.
_VARIANTS: dict[NotificationKind, Callable[[Mapping[str, Any]], str]] = {
    NotificationKind.CONTENT_HIDDEN: lambda params: str(params["what"]),
    NotificationKind.CONTENT_RESTORED: lambda params: str(params["what"]),
    NotificationKind.RESIDENCY_EXCLUDED: lambda params: str(params["group"]),
    NotificationKind.IDENTITY_DECIDED: lambda params: f"{params['account']}:{params['decision']}",
    NotificationKind.SECOND_FACTOR_CHANGED: lambda params: str(params["change"]),
    NotificationKind.MERGE_NEWS: lambda params: str(params["news"]),
    NotificationKind.FOLLOWED_PROPOSAL: lambda params: str(params["news"]),
    NotificationKind.ANSWER_OWED: lambda params: str(params["step"]),
    NotificationKind.CO_AUTHOR_ANSWERED: lambda params: str(params["answer"]),
    NotificationKind.OPINION_STATEMENT_DECIDED: lambda params: str(params["outcome"]),
    NotificationKind.BALLOT_UNFINISHED: lambda params: str(params["reminder"]),
    NotificationKind.DISBURSEMENT_DECIDED: lambda params: "approved" if params["approved"] else "refused",
}

#: What stands below the sentence, where somebody wrote it for this person.
_DETAILS = {
    NotificationKind.CONTENT_HIDDEN: "facts",
    NotificationKind.IDENTITY_DECIDED: "note",
    NotificationKind.MERGE_NEWS: "note",
    NotificationKind.OPINION_STATEMENT_DECIDED: "facts",
    NotificationKind.DISBURSEMENT_DECIDED: "note",
}


def notice(kind: NotificationKind, params: Mapping[str, Any]) -> str:
    """The sentence of a message. Amounts come as smallest units, reasons as codes, regions in both languages."""
    variant = _VARIANTS.get(kind, lambda _params: _WITHOUT_VARIANT)(params)
    return str(NOTICES[kind][variant]) % readable(params)


def notice_detail(kind: NotificationKind, params: Mapping[str, Any]) -> str:
    """The reasons that an officer or moderator wrote for the person; empty for the other kinds."""
    return str(params.get(_DETAILS.get(kind, ""), ""))


def readable(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as they are read: money with its unit, the reason as words, regions and providers by name."""
    shown = dict(params)
    if "amount" in params:
        shown["amount"] = money(int(params["amount"]))
    if "role" in params:
        shown["role"] = label(Role(params["role"]))
    if "reason" in params:
        shown["reason"] = label(ReportReason(params["reason"]))
    if "held_on" in params:
        shown["held_on"] = day(date.fromisoformat(params["held_on"]))
    if "closes_at" in params:
        shown["closes_at"] = when(datetime.fromisoformat(params["closes_at"]))
    if "voice" in params:
        shown["voice"] = label(VoiceKind(params["voice"]))
    for thing in ("region", "provider"):
        if f"{thing}_ko" in params:
            shown[thing] = params.get(f"{thing}_{current_locale()}") or params[f"{thing}_ko"]
    return shown


def init_app(app: Flask) -> None:
    app.jinja_env.filters["notice"] = notice
    app.jinja_env.filters["notice_detail"] = notice_detail
