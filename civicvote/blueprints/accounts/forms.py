"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from civicvote.domain.accounts.passwords import MAX_LENGTH
from civicvote.web.forms import Form, MailAddress, strip
from civicvote.web.i18n import LOCALES

_ADDRESS_LENGTH = 254
_NEW_PASSWORD_HINT = _l("At least 10 characters; four or five words are stronger than signs and digits.")


def _address_field(label: object, hint: object = "") -> EmailField:
    return EmailField(
        label,
        filters=[strip],
        validators=[
            DataRequired(_l("Write your mail address.")),
            MailAddress(_l("This is no complete mail address. It looks like name@example.org.")),
            Length(max=_ADDRESS_LENGTH),
        ],
        description=hint,
    )


def _own_password_field(label: object) -> PasswordField:
    """Empty where the account has none; the domain decides."""
    return PasswordField(label, validators=[Length(max=4 * MAX_LENGTH)])


class SignUpForm(Form):
    display_name = StringField(
        _l("Name that others see"),
        filters=[strip],
        validators=[DataRequired(_l("Write the name that stands beside your proposals and comments.")), Length(max=40)],
        description=_l("It need not be your real name."),
    )
    email = _address_field(_l("Mail address"), _l("Nobody else sees it. You sign in with it and get messages there."))
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Choose a password."))], description=_NEW_PASSWORD_HINT
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


class ResetForm(Form):
    email = _address_field(_l("Mail address"), _l("The one with which you signed up."))


class BeginForm(Form):
    current_password = _own_password_field(_l("The password that you chose when you signed up"))


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"), validators=[DataRequired(_l("Choose a password."))], description=_NEW_PASSWORD_HINT
    )


class PasswordForm(NewPasswordForm):
    current_password = _own_password_field(_l("Your password until now"))


class ProofForm(Form):
    current_password = _own_password_field(_l("Your password"))


class AddressForm(ProofForm):
    email = _address_field(_l("New mail address"))


class LanguageForm(Form):
    locale = RadioField(_l("Language of our mails"), choices=[SelectChoice(*each) for each in LOCALES.items()])
