"""Forms of the desk at which roles are given."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from civicvote.kernel.permissions import Role
from civicvote.web.forms import Form, strip
from civicvote.web.labels import LABELS


class RoleForm(Form):
    email = EmailField(
        _l("Mail address of the account"),
        filters=[strip],
        validators=[DataRequired(_l("Write the person's mail address.")), Length(max=254)],
    )
    role = SelectField(_l("Role"), choices=[SelectChoice(role.value, LABELS[Role][role]) for role in Role])
    department = StringField(
        _l("Department"),
        filters=[strip],
        validators=[Length(max=80)],
        description=_l("Of a reviewer only, for example: roads department."),
    )
    institution = SelectField(
        _l("Institution"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Of an institution's representative only."),
    )

    def offer_institutions(self, named: list[tuple[int, str]]) -> None:
        self.institution.choices = [("", _l("No institution")), *((str(key), name) for key, name in named)]


class WithdrawForm(Form):
    """The hidden field of the button beside a role."""

    role = SelectField(choices=[SelectChoice(role.value, role.value) for role in Role])
