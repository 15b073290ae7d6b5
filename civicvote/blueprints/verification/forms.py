"""Forms of residency: the desk, the person's own word, guardians, rules, decisions."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup
from civicvote.domain.verification.kinds import ClashDecision
from civicvote.domain.verification.rules import CONSENT_BELOW_AGE, MOST_MONTHS, OLDEST_MINIMUM_AGE
from civicvote.web.forms import Form, WholeNumberField, only_if_typed, strip
from civicvote.web.identity_fields import LONG, born_on_field, legal_name_field, residency_class_field
from civicvote.web.labels import LABELS

_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")
_FILL = _l("Fill this in.")

_SURENESS = [SelectChoice(way.value, LABELS[Assurance][way]) for way in Assurance]


class IdentityForm(Form):
    legal_name = legal_name_field()
    born_on = born_on_field()


class DeskForm(IdentityForm):
    email = EmailField(
        _l("Mail address of the account"),
        filters=[strip],
        validators=[DataRequired(_l("Write the person's mail address.")), Length(max=254, message=LONG)],
    )
    residency_class = residency_class_field()
    evidence = StringField(
        _l("What you saw"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write what you saw, for example: driving licence.")),
            Length(max=200, message=LONG),
        ],
        description=_l("The kind of paper only, never a number from it."),
    )
    assurance = SelectField(
        _l("How it was seen"),
        choices=[
            SelectChoice(Assurance.IN_PERSON.value, _l("With the papers, here")),
            SelectChoice(Assurance.SELF_DECLARED.value, _l("Told only, without papers")),
        ],
        default=Assurance.IN_PERSON.value,
    )
    excluded_as = SelectField(
        _l("By the papers, the person is"),
        choices=[
            SelectChoice("", _l("A resident like others")),
            *(
                SelectChoice(group.value, LABELS[ExcludedGroup][group])
                for group in (ExcludedGroup.STAFF, ExcludedGroup.COUNCIL)
            ),
        ],
        default="",
    )
    district_code = SelectField(_l("Where in the region"), choices=[], validate_choice=True)

    def offer_districts(self, named: list[tuple[str, str]]) -> None:
        """Districts to choose from; without any the field is left out."""
        if named:
            self.district_code.choices = [("", _l("Not noted")), *named]
        else:
            del self.district_code


class DeclareForm(IdentityForm):
    residency_class = RadioField(_l("How I belong to the region"), choices=[])


class ConsentForm(Form):
    email = EmailField(
        _l("Mail address of the minor's account"),
        filters=[strip],
        validators=[DataRequired(_l("Write the person's mail address.")), Length(max=254, message=LONG)],
    )
    guardian_name = StringField(
        _l("Name of the parent or guardian"),
        filters=[strip],
        validators=[DataRequired(_FILL), Length(max=40, message=LONG)],
    )
    relation = StringField(
        _l("Relation to the minor"),
        filters=[strip],
        validators=[DataRequired(_FILL), Length(max=40, message=LONG)],
        description=_l("For example: mother."),
    )
    evidence = StringField(
        _l("What you saw"),
        filters=[strip],
        validators=[DataRequired(_FILL), Length(max=200, message=LONG)],
        description=_l("The kind of paper only, never a number from it, for example: family relation certificate."),
    )


class ActForm(Form):
    """One button."""


class _ClauseForm(Form):
    clause_ko = StringField(
        _l("Clause, in Korean"),
        filters=[strip],
        validators=[Length(max=200, message=LONG)],
        description=_l("The law or ordinance that this rests on, as residents shall read it."),
    )
    clause_en = StringField(_l("Clause, in English"), filters=[strip], validators=[Length(max=200, message=LONG)])


class ClassRuleForm(_ClauseForm):
    is_admitted = BooleanField(_l("These people count as residents"))
    minimum_assurance = SelectField(_l("It must be known at least so surely, to vote"), choices=_SURENESS)
    valid_months = WholeNumberField(
        _l("For how many months a confirmation holds"),
        filters=[only_if_typed],
        validators=[Optional(), NumberRange(1, MOST_MONTHS, _WHOLE)],
    )


class ExclusionForm(_ClauseForm):
    is_excluded = BooleanField(_l("These people have no ballot"))


class AgeForm(_ClauseForm):
    minimum_age = WholeNumberField(
        _l("One votes from the age of"), validators=[InputRequired(_FILL), NumberRange(0, OLDEST_MINIMUM_AGE, _WHOLE)]
    )
    consent_below_age = WholeNumberField(
        _l("A parent or guardian agrees below the age of"),
        validators=[InputRequired(_FILL), NumberRange(CONSENT_BELOW_AGE, OLDEST_MINIMUM_AGE, _WHOLE)],
    )


class DecisionForm(Form):
    decision = RadioField(
        _l("What you decide"),
        choices=[SelectChoice(each.value, LABELS[ClashDecision][each]) for each in ClashDecision],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Why you decide so"),
        filters=[strip],
        validators=[DataRequired(_l("Give the reason. Both people will read it.")), Length(max=500, message=LONG)],
        description=_l("Both people read it. Write nothing about one that the other should not know."),
    )
