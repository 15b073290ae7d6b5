"""Forms of sign-ins through providers."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional

from civicvote.domain.accounts.passwords import MAX_LENGTH
from civicvote.web.forms import Form, MailAddress, only_if_typed, strip


class NewcomerForm(Form):
    """What nobody but the person can say when an account begins at a provider."""

    display_name = StringField(
        _l("Name that others see"),
        filters=[strip],
        validators=[DataRequired(_l("Write the name that stands beside your proposals and comments.")), Length(max=40)],
        description=_l("It need not be your real name."),
    )
    email = EmailField(
        _l("Mail address"),
        filters=[strip, only_if_typed],
        validators=[
            Optional(),
            MailAddress(_l("This is no complete mail address. It looks like name@example.org.")),
            Length(max=254),
        ],
        description=_l("Nobody else sees it. Without one, messages wait for you on the site only."),
    )
    agrees = BooleanField(
        _l("I agree that the site stores this name, my mail address if I give it, and what I write here."),
        validators=[DataRequired(_l("Without this the site can't keep an account for you."))],
    )


class LinkForm(Form):
    """A new way in is opened by whoever knows the old one: the password, where the account has one."""

    current_password = PasswordField(_l("Your password"), validators=[Length(max=4 * MAX_LENGTH)])
