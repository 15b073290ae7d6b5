"""Forms of letters: for the clerk who makes them, and for the person who got one."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange

from civicvote.domain.verification.letters import LONGEST_DAYS, SHORTEST_DAYS, USUAL_DAYS
from civicvote.domain.verification.rows import LONGEST, ListColumn
from civicvote.web.forms import Form, WholeNumberField, strip
from civicvote.web.identity_fields import (
    LONG,
    born_on_field,
    legal_name_field,
    reading_reason_field,
    residency_class_field,
    withdrawing_reason_field,
)


class MakingForm(Form):
    """What both ways of making letters ask."""

    reason = reading_reason_field(
        _l("Why these letters are made"),
        _l("For example: residents without a mobile phone, vote of 2026. The audit keeps it."),
    )
    valid_days = WholeNumberField(
        _l("Days for which the letters are valid"),
        default=USUAL_DAYS,
        validators=[
            NumberRange(SHORTEST_DAYS, LONGEST_DAYS, message=_l("Enter a whole number from %(min)s to %(max)s."))
        ],
    )


class LetterListForm(MakingForm):
    people = FileField(_l("List of people (CSV)"), validators=[FileRequired(_l("Choose the file with the list."))])
    all_or_none = BooleanField(_l("Make no letter at all if a row can't be used"), default=True)


class SingleLetterForm(MakingForm):
    legal_name = legal_name_field()
    born_on = born_on_field()
    address = TextAreaField(
        _l("Postal address"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write the postal address.")),
            Length(max=LONGEST[ListColumn.ADDRESS], message=LONG),
        ],
    )
    residency_class = residency_class_field()


class WithdrawLettersForm(Form):
    reason = withdrawing_reason_field()


class EnterForm(Form):
    """What a letter says, and who got it."""

    number = StringField(
        _l("Letter number"),
        filters=[strip],
        validators=[DataRequired(_l("Write the letter number.")), Length(max=40, message=LONG)],
        description=_l("Six signs, for example 7QK-2MD. Dashes and small letters don't matter."),
    )
    letter_code = StringField(
        _l("Code"),
        filters=[strip],
        validators=[DataRequired(_l("Write the code.")), Length(max=60, message=LONG)],
        description=_l("Ten signs, in large print in the letter."),
    )
    legal_name = legal_name_field(_l("It is compared with the letter and not stored."))
    born_on = born_on_field()
