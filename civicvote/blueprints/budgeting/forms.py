"""The form of a project."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from civicvote.domain.budgeting.rules import LONGEST
from civicvote.web.forms import Form, MoneyField, strip

_FILL = _l("Fill this in. Residents read it before they vote.")
_LONG = _l("This is too long: at most %(max)d characters.")


def _length(field: str) -> Length:
    return Length(max=LONGEST[field], message=_LONG)


class ProjectForm(Form):
    """What residents read on the ballot and on the project's page. The cost is typed in whole main units."""

    title = StringField(_l("Title of the project"), filters=[strip], validators=[DataRequired(_FILL), _length("title")])
    summary = StringField(
        _l("What is done, in one sentence"), filters=[strip], validators=[DataRequired(_FILL), _length("summary")]
    )
    cost_amount = MoneyField(_l("Cost"), validators=[InputRequired(_l("Write the cost in digits."))])
    department = StringField(
        _l("Department in charge"), filters=[strip], validators=[DataRequired(_FILL), _length("department")]
    )
    place = StringField(_l("Place"), filters=[strip], validators=[_length("place")])
    description = TextAreaField(_l("Details"), filters=[strip], validators=[_length("description")])
