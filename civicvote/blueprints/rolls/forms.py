"""Forms of rolls: for the administrator who uploads one, and for whoever stands on it."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from civicvote.domain.verification.rolls import RollMode
from civicvote.domain.verification.rows import LONGEST, ListColumn
from civicvote.web.forms import Form, strip
from civicvote.web.labels import LABELS

_LONG = _l("This is too long: at most %(max)d characters.")


class RollForm(Form):
    people = FileField(_l("List of people (CSV)"), validators=[FileRequired(_l("Choose the file with the list."))])
    mode = RadioField(
        _l("What becomes of the lists that are there"),
        choices=[SelectChoice(mode.value, LABELS[RollMode][mode]) for mode in RollMode],
        default=RollMode.ADD.value,
    )
    reason = StringField(
        _l("Where the list comes from, and why it is used"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why you use these people's data. The audit keeps the reason.")),
            Length(max=200, message=_LONG),
        ],
        description=_l(
            "For example: students of Bitgoeul university, sent by its office on 2 March. The audit keeps it."
        ),
    )


class WithdrawRollForm(Form):
    reason = StringField(
        _l("Why they are withdrawn"),
        filters=[strip],
        validators=[DataRequired(_l("Say why. The audit keeps the reason.")), Length(max=200, message=_LONG)],
    )


class ClaimForm(Form):
    legal_name = StringField(
        _l("Name as in official papers"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write the name as it stands in official papers.")),
            Length(max=LONGEST[ListColumn.NAME], message=_LONG),
        ],
        description=_l("It is compared with the list and not stored."),
    )
    born_on = StringField(
        _l("Birth date"),
        filters=[strip],
        validators=[DataRequired(_l("Write the birth date.")), Length(max=40, message=_LONG)],
        description=_l("Year with four digits, for example 1950-03-07."),
    )
