"""Forms of letters: for the clerk who makes them, and for the person who got one."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange

from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.verification.letters import LONGEST_DAYS, SHORTEST_DAYS, USUAL_DAYS
from civicvote.domain.verification.rows import LONGEST, ListColumn
from civicvote.web.forms import Form, WholeNumberField, strip
from civicvote.web.labels import LABELS

_LONG = _l("This is too long: at most %(max)d characters.")


class MakingForm(Form):
    """What both ways of making letters ask."""

    reason = StringField(
        _l("Why these letters are made"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why you use these people's data. The audit keeps the reason.")),
            Length(max=200, message=_LONG),
        ],
        description=_l("For example: residents without a mobile phone, vote of 2026. The audit keeps it."),
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
    legal_name = StringField(
        _l("Name as in official papers"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write the name as it stands in official papers.")),
            Length(max=LONGEST[ListColumn.NAME], message=_LONG),
        ],
    )
    born_on = StringField(
        _l("Birth date"),
        filters=[strip],
        validators=[DataRequired(_l("Write the birth date.")), Length(max=40, message=_LONG)],
        description=_l("Year with four digits, for example 1950-03-07."),
    )
    address = TextAreaField(
        _l("Postal address"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write the postal address.")),
            Length(max=LONGEST[ListColumn.ADDRESS], message=_LONG),
        ],
    )
    residency_class = RadioField(
        _l("How the person belongs to the region"),
        choices=[SelectChoice(kind.value, LABELS[ResidencyClass][kind]) for kind in ResidencyClass],
        default=ResidencyClass.ADDRESS.value,
    )


class WithdrawLettersForm(Form):
    reason = StringField(
        _l("Why they are withdrawn"),
        filters=[strip],
        validators=[DataRequired(_l("Say why. The audit keeps the reason.")), Length(max=200, message=_LONG)],
    )


class EnterForm(Form):
    """What a letter says, and who got it."""

    number = StringField(
        _l("Letter number"),
        filters=[strip],
        validators=[DataRequired(_l("Write the letter number.")), Length(max=40, message=_LONG)],
        description=_l("Six signs, for example 7QK-2MD. Dashes and small letters don't matter."),
    )
    letter_code = StringField(
        _l("Code"),
        filters=[strip],
        validators=[DataRequired(_l("Write the code.")), Length(max=60, message=_LONG)],
        description=_l("Ten signs, in large print in the letter."),
    )
    legal_name = StringField(
        _l("Name as in official papers"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write the name as it stands in official papers.")),
            Length(max=LONGEST[ListColumn.NAME], message=_LONG),
        ],
        description=_l("It is compared with the letter and not stored."),
    )
    born_on = StringField(
        _l("Birth date"),
        filters=[strip],
        validators=[DataRequired(_l("Write the birth date.")), Length(max=40, message=_LONG)],
        description=_l("Year with four digits, for example 1950-03-07."),
    )
