"""Forms of the desks of clerks and administrators."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.kernel.permissions import Role
from civicvote.web.forms import Form, strip
from civicvote.web.labels import LABELS


class ResidencyForm(Form):
    email = EmailField(
        _l("Mail address of the account"),
        filters=[strip],
        validators=[DataRequired(_l("Write the person's mail address.")), Length(max=254)],
    )
    residency_class = RadioField(
        _l("How the person belongs to the region"),
        choices=[SelectChoice(kind.value, LABELS[ResidencyClass][kind]) for kind in ResidencyClass],
        default=ResidencyClass.ADDRESS.value,
    )
    assurance = SelectField(
        _l("How it was seen"),
        choices=[
            SelectChoice(way.value, LABELS[Assurance][way])
            for way in (
                Assurance.IN_PERSON,
                Assurance.LETTER_CODE,
                Assurance.IDENTITY_PROVIDER,
                Assurance.SELF_DECLARED,
            )
        ],
        default=Assurance.IN_PERSON.value,
    )
    evidence = StringField(
        _l("What you saw"),
        filters=[strip],
        validators=[DataRequired(_l("Write what you saw, for example: driving licence.")), Length(max=200)],
        description=_l("The kind of paper only, never a number from it."),
    )


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
