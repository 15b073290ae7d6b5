"""Forms with which a second factor is set up."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from civicvote.domain.accounts.passkeys import PASSKEY_NAME_LENGTH
from civicvote.web.forms import Form, strip


class FirstCodeForm(Form):
    code = StringField(
        _l("Code that the app shows now"),
        filters=[strip],
        validators=[DataRequired(_l("Write the six digits that the app shows."))],
    )


class PasskeyForm(Form):
    name = StringField(
        _l("Name of this device"),
        filters=[strip],
        validators=[DataRequired(_l("Give the device a name.")), Length(max=PASSKEY_NAME_LENGTH)],
        description=_l("So that you know it again in the list, for example: my phone."),
    )
    passkey = HiddenField()


class EmptyForm(Form):
    """A button."""
