"""Forms of the budget desk. Amounts are typed in whole main units; each form carries its own idempotency key."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from civicvote.web.forms import Form, MoneyField, strip
from civicvote.web.scope import current_region
from civicvote.web.uploads import FormWithFiles

_FILL = _l("Fill this in. It will be public.")
_LONG = _l("This is too long: at most %(max)d characters.")


def _line(label: Any, longest: int, **more: Any) -> StringField:
    checks = [DataRequired(_FILL), Length(max=longest, message=_LONG)]
    return StringField(label, filters=[strip], validators=checks, **more)


def _lines(label: Any, longest: int = 1000, **more: Any) -> TextAreaField:
    checks = [DataRequired(_FILL), Length(max=longest, message=_LONG)]
    return TextAreaField(label, filters=[strip], validators=checks, **more)


class OnceForm(Form):
    """A form that takes effect once, however often it is sent."""

    idempotency_key = HiddenField(default=lambda: secrets.token_urlsafe(18))


class AmountForm(OnceForm):
    amount = MoneyField(_l("Amount"), validators=[InputRequired(_l("Write the amount in digits."))])

    @property
    def smallest_units(self) -> int:
        """The amount in the smallest unit of the region's currency."""
        assert self.amount.data is not None, "InputRequired let nothing else through"
        return int(self.amount.data) * 10 ** current_region().currency_exponent


class FundForm(AmountForm):
    source = _line(
        _l("Source"), 80, description=_l("For example: city budget, national subsidy, the institution's name")
    )
    reason = _lines(_l("Reason for the record"))
    evidence = _line(_l("Evidence"), 300, description=_l("Number or address of the document"))


class AllocateForm(AmountForm):
    reason = _lines(_l("Reason for the record"))


class EnterForm(AmountForm, FormWithFiles):
    payee = _line(
        _l("Payee"),
        200,
        description=_l(
            "Name of the company or institution. This is public: no names of private persons, no account numbers."
        ),
    )
    reason = _lines(_l("What for"))
    evidence = _line(_l("Evidence"), 300, description=_l("Number or address of the document"))


class ReturnForm(AmountForm):
    reason = _lines(_l("Reason for the record"))
    evidence = _line(_l("Evidence"), 300, description=_l("Number or address of the document"))


class ApproveForm(Form):
    pass


class RefuseForm(Form):
    note = TextAreaField(
        _l("Why it is refused"),
        filters=[strip],
        validators=[DataRequired(_l("Say why, so that it can be put right.")), Length(max=1000, message=_LONG)],
    )


class ReverseForm(OnceForm):
    reason = _lines(_l("Why it is reversed"))
