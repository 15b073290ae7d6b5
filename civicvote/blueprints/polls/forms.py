"""Forms of voters and of those who run polls."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civicvote.domain.polls.planning import PollPlan, counting_rules_of
from civicvote.domain.polls.states import PollKind
from civicvote.domain.verification.rules import OLDEST_MINIMUM_AGE
from civicvote.kernel.voting import CountingRule
from civicvote.web.forms import Form, MomentField, MoneyField, WholeNumberField, strip
from civicvote.web.labels import label

_FILL = _l("Fill this in.")
_LONG = _l("This is too long: at most %(max)d characters.")
_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")
_MOST = 1_000


class BallotForm(Form):
    """The option keys that were chosen; which of them are allowed is decided by the poll's rules."""

    choices = SelectMultipleField(_l("Your choices"), choices=[], validate_choice=False)


class CastForm(BallotForm):
    idempotency_key = StringField()


class ActForm(Form):
    """One button."""


class CloseForm(Form):
    reason = TextAreaField(_l("Why it is closed early"), filters=[strip], validators=[Length(max=500, message=_LONG)])


class OptionsForm(Form):
    """Ids, as they stand in addresses, of the proposals or projects that go on the ballot."""

    subjects = SelectMultipleField(_l("On the ballot"), choices=[], validate_choice=False)


class _PollForm(Form):
    title_ko = StringField(
        _l("Title in Korean"), filters=[strip], validators=[InputRequired(_FILL), Length(max=200, message=_LONG)]
    )
    title_en = StringField(
        _l("Title in English"), filters=[strip], validators=[InputRequired(_FILL), Length(max=200, message=_LONG)]
    )
    description_ko = TextAreaField(
        _l("What is decided, in Korean"), filters=[strip], validators=[Length(max=2000, message=_LONG)]
    )
    description_en = TextAreaField(
        _l("What is decided, in English"), filters=[strip], validators=[Length(max=2000, message=_LONG)]
    )
    opens_at = MomentField(_l("Opens"), validators=[InputRequired(_l("Enter the day and the time."))])
    closes_at = MomentField(_l("Closes"), validators=[InputRequired(_l("Enter the day and the time."))])
    minimum_age = WholeNumberField(
        _l("From which age"), validators=[InputRequired(_FILL), NumberRange(0, OLDEST_MINIMUM_AGE, _WHOLE)]
    )


class AgendaPollForm(_PollForm):
    max_choices = WholeNumberField(
        _l("How many a person may choose at most"), validators=[InputRequired(_FILL), NumberRange(1, _MOST, _WHOLE)]
    )
    min_choices = WholeNumberField(
        _l("How many at least"), validators=[InputRequired(_FILL), NumberRange(1, _MOST, _WHOLE)]
    )
    seats = WholeNumberField(
        _l("How many become agenda items"), validators=[InputRequired(_FILL), NumberRange(1, _MOST, _WHOLE)]
    )
    threshold = WholeNumberField(
        _l("Fewest votes that can win"), validators=[Optional(), NumberRange(0, 10_000_000, _WHOLE)]
    )

    def plan(self, currency_exponent: int) -> PollPlan:
        """The valid form as the services take it."""
        return PollPlan(
            kind=PollKind.AGENDA,
            counting_rule=CountingRule.APPROVAL,
            **_common(self),
            max_choices=self.max_choices.data,
            min_choices=self.min_choices.data,
            seats=self.seats.data,
            threshold=self.threshold.data or 0,
        )


class BudgetPollForm(_PollForm):
    envelope_amount = MoneyField(_l("Envelope that is divided"), validators=[InputRequired(_FILL)])
    ballot_limit_amount = MoneyField(_l("How much one ballot may spend"))
    max_choices = WholeNumberField(
        _l("How many a person may choose at most"), validators=[Optional(), NumberRange(1, _MOST, _WHOLE)]
    )
    counting_rule = RadioField(
        _l("How winners are found"), coerce=CountingRule, validators=[InputRequired(_l("Choose one."))]
    )
    threshold = WholeNumberField(
        _l("Fewest votes that can win"), validators=[Optional(), NumberRange(0, 10_000_000, _WHOLE)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counting_rule.choices = [(rule.value, label(rule)) for rule in counting_rules_of(PollKind.BUDGET)]

    def plan(self, currency_exponent: int) -> PollPlan:
        """The valid form as the services take it; a ballot may spend the whole envelope where nothing less is said."""
        unit = 10**currency_exponent
        envelope = (self.envelope_amount.data or 0) * unit
        limit = self.ballot_limit_amount.data
        return PollPlan(
            kind=PollKind.BUDGET,
            **_common(self),
            counting_rule=self.counting_rule.data,
            envelope_amount=envelope,
            ballot_limit_amount=envelope if limit is None else limit * unit,
            max_choices=self.max_choices.data,
            threshold=self.threshold.data or 0,
        )


def _common(form: _PollForm) -> dict[str, Any]:
    return {
        "title_ko": form.title_ko.data,
        "title_en": form.title_en.data,
        "description_ko": form.description_ko.data or "",
        "description_en": form.description_en.data or "",
        "opens_at": form.opens_at.data,
        "closes_at": form.closes_at.data,
        "minimum_age": form.minimum_age.data,
    }


POLL_FORMS: dict[PollKind, type[AgendaPollForm] | type[BudgetPollForm]] = {
    PollKind.AGENDA: AgendaPollForm,
    PollKind.BUDGET: BudgetPollForm,
}


def values_of(plan: PollPlan, currency_exponent: int) -> dict[str, Any]:
    """What the form shows of a stored draft: amounts in whole main units."""
    values = {name: getattr(plan, name) for name in PollPlan.__dataclass_fields__}
    for name in ("envelope_amount", "ballot_limit_amount"):
        if values[name] is not None:
            values[name] //= 10**currency_exponent
    return values
