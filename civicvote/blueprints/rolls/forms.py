"""Forms of rolls: for the administrator who uploads one, and for whoever stands on it."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectChoice

from civicvote.domain.verification.rolls import RollMode
from civicvote.web.forms import Form
from civicvote.web.identity_fields import (
    born_on_field,
    legal_name_field,
    reading_reason_field,
    withdrawing_reason_field,
)
from civicvote.web.labels import LABELS


class RollForm(Form):
    people = FileField(_l("List of people (CSV)"), validators=[FileRequired(_l("Choose the file with the list."))])
    mode = RadioField(
        _l("What becomes of the lists that are there"),
        choices=[SelectChoice(mode.value, LABELS[RollMode][mode]) for mode in RollMode],
        default=RollMode.ADD.value,
    )
    reason = reading_reason_field(
        _l("Where the list comes from, and why it is used"),
        _l("For example: students of Bitgoeul university, sent by its office on 2 March. The audit keeps it."),
    )


class WithdrawRollForm(Form):
    reason = withdrawing_reason_field()


class ClaimForm(Form):
    legal_name = legal_name_field(_l("It is compared with the list and not stored."))
    born_on = born_on_field()
