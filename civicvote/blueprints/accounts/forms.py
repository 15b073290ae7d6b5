"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length

from civicvote.domain.accounts.passwords import MAX_LENGTH
from civicvote.web.forms import Form, strip

_ADDRESS_LENGTH = 254


class SignUpForm(Form):
    display_name = StringField(
        _l("Name that others see"),
        filters=[strip],
        validators=[DataRequired(_l("Write the name that stands beside your proposals and comments.")), Length(max=40)],
        description=_l("It need not be your real name."),
    )
    email = EmailField(
        _l("Mail address"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write your mail address.")),
            Email(_l("This is no complete mail address. It looks like name@example.org.")),
            Length(max=_ADDRESS_LENGTH),
        ],
        description=_l("Nobody else sees it. You sign in with it and get messages there."),
    )
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Choose a password."))],
        description=_l("At least 10 characters; four or five words are stronger than signs and digits."),
    )
    agrees = BooleanField(
        _l("I agree that the site stores my name, mail address and what I write here, to run my account."),
        validators=[DataRequired(_l("Without this the site can't keep an account for you."))],
    )


class SignInForm(Form):
    email = EmailField(_l("Mail address"), filters=[strip], validators=[DataRequired(_l("Write your mail address."))])
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Write your password.")), Length(max=4 * MAX_LENGTH)],
    )
