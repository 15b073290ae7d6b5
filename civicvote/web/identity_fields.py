"""Fields by which somebody says who they are, the same at the desk, for letters and on lists, and why data is read."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.verification.rows import LONGEST, ListColumn
from civicvote.web.forms import strip
from civicvote.web.labels import LABELS

LONG = _l("This is too long: at most %(max)d characters.")

_REASON_LENGTH = 200
_DATE_LENGTH = 40


def legal_name_field(description: LazyString | str = "") -> Any:
    """The name as in official papers; it becomes part of a mark and is not stored."""
    missing = _l("Write the name as it stands in official papers.")
    return StringField(
        _l("Name as in official papers"),
        filters=[strip],
        validators=[DataRequired(missing), Length(max=LONGEST[ListColumn.NAME], message=LONG)],
        description=description,
    )


def born_on_field() -> Any:
    """The birth date as people write it; ``verification.identity.read_birth_date`` reads it."""
    return StringField(
        _l("Birth date"),
        filters=[strip],
        validators=[DataRequired(_l("Write the birth date.")), Length(max=_DATE_LENGTH, message=LONG)],
        description=_l("Year with four digits, for example 1950-03-07 or 19500307."),
    )


def residency_class_field() -> Any:
    """How the person belongs to the region, each class with its word."""
    return RadioField(
        _l("How the person belongs to the region"),
        choices=[SelectChoice(kind.value, LABELS[ResidencyClass][kind]) for kind in ResidencyClass],
        default=ResidencyClass.ADDRESS.value,
    )


def reading_reason_field(label: LazyString, description: LazyString) -> Any:
    """Why personal data is used. The audit keeps it."""
    missing = _l("Say why you use these people's data. The audit keeps the reason.")
    return _reason_field(label, missing, description)


def withdrawing_reason_field() -> Any:
    """Why letters or rows of a list are withdrawn."""
    return _reason_field(_l("Why they are withdrawn"), _l("Say why. The audit keeps the reason."), "")


def _reason_field(label: LazyString, missing: LazyString, description: LazyString | str) -> Any:
    return StringField(
        label,
        filters=[strip],
        validators=[DataRequired(missing), Length(max=_REASON_LENGTH, message=LONG)],
        description=description,
    )
