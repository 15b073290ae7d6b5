"""Why a list with personal data is read, and which entries of the audit an address asks for."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from civicvote.domain.audit.entries import EntryFilter
from civicvote.domain.audit.verbs import AuditGroup
from civicvote.kernel import ids
from civicvote.web.forms import Form, strip


class ReasonForm(Form):
    reason = TextAreaField(
        _l("What do you need it for?"),
        filters=[strip],
        validators=[DataRequired(_l("Say what you need it for.")), Length(max=500)],
        description=_l("At least 10 characters. Your name, the time and this reason are entered in the audit."),
    )


class ResidentsForm(ReasonForm):
    with_mail = BooleanField(
        _l("With full mail addresses"),
        description=_l("Otherwise only their beginning. Ask for them only if you are going to write to people."),
    )


def entry_filter(arguments: Mapping[str, str]) -> EntryFilter:
    """What an address asks for; what it does not understand, it leaves out."""
    group = arguments.get("group", "")
    return EntryFilter(
        group=AuditGroup(group) if group in set(AuditGroup) else None,
        actor_id=_id(arguments.get("actor", "")),
        subject=arguments.get("subject", "").replace("\0", "") or None,
        from_on=_day(arguments.get("from", "")),
        until_on=_day(arguments.get("until", "")),
    )


def filter_arguments(wanted: EntryFilter) -> dict[str, str]:
    """The filter as it stands in an address."""
    arguments = {
        "group": wanted.group.value if wanted.group else "",
        "actor": ids.encode(wanted.actor_id) if wanted.actor_id else "",
        "subject": wanted.subject or "",
        "from": wanted.from_on.isoformat() if wanted.from_on else "",
        "until": wanted.until_on.isoformat() if wanted.until_on else "",
    }
    return {name: value for name, value in arguments.items() if value}


def _id(text: str) -> int | None:
    try:
        return ids.decode(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 9000 else None
