"""The form of the simulator: read from the address, so that a trial can be passed on."""

from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from civicvote.domain.outcomes.simulation import WhatIf, as_it_was, rules_to_try
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS
from civicvote.domain.tally.pabulib.numbers import digits_needed, in_smallest_units, plain_decimal
from civicvote.kernel.money import Money
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction
from civicvote.web.forms import Form, WholeNumberField
from civicvote.web.labels import label

_FILL = _l("Fill this in.")
_NO_RIVAL = ""
_ONE_ENVELOPE = "one"
_WEIGHTS = "weight_"


class ExactMoneyField(StringField):
    """An amount of main units with whatever stands behind the point: ``61,128.68``. Data: Decimal or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").replace(",", "").replace(" ", "").removesuffix("원")
        self.typed = valuelist[0] if valuelist else ""
        self.data = plain_decimal(text)
        if text and (self.data is None or self.data < 0):
            self.data = None
            raise ValueError(str(_l("Write the amount in digits, for example 3,000,000.")))

    def _value(self) -> str:
        if getattr(self, "typed", ""):
            return str(self.typed)
        return f"{self.data:,f}" if self.data is not None else ""


class SimulatorForm(Form):
    """Fields that the poll has no use for are taken out."""

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    rule = SelectField(_l("Counting rule"), coerce=CountingRule)
    satisfaction = SelectField(_l("What a project is worth to its supporters"), coerce=Satisfaction)
    completion = SelectField(_l("What becomes of money that is left over"), coerce=Completion)
    envelope = ExactMoneyField(_l("Envelope"), validators=[InputRequired(_FILL)])
    seats = WholeNumberField(_l("Places"), validators=[InputRequired(_FILL)])
    threshold = WholeNumberField(_l("Fewest votes that can win"), validators=[Optional()])
    support_divisor = WholeNumberField(_l("Minimum support: divisor"), validators=[Optional()])
    weight_residents = WholeNumberField(_l("Weight of the residents"), validators=[InputRequired(_FILL)])
    weight_committee = WholeNumberField(_l("Weight of the committee"), validators=[InputRequired(_FILL)])
    weight_panel = WholeNumberField(_l("Weight of the panel"), validators=[InputRequired(_FILL)])
    envelopes = SelectField(_l("Envelopes by field or district"))
    rival = SelectField(_l("Of these two at most one: the first"))
    other_rival = SelectField(_l("Of these two at most one: the second"))

    def __init__(self, rules: FrozenRules, currency_exponent: int) -> None:
        self.rules, self._exponent = rules, currency_exponent
        super().__init__(request.args if request.args else None, data=self._values_of(as_it_was(rules)))
        self.rule.choices = [SelectChoice(each.value, label(each)) for each in rules_to_try(rules)]
        self.satisfaction.choices = [SelectChoice(each.value, label(each)) for each in Satisfaction]
        self.completion.choices = [SelectChoice(each.value, label(each)) for each in Completion]
        self.envelopes.choices = [
            SelectChoice("", _l("As they were")),
            SelectChoice(_ONE_ENVELOPE, _l("One envelope for all")),
        ]
        options = [SelectChoice(option.key, option.label) for option in rules.options]
        self.rival.choices = self.other_rival.choices = [SelectChoice(_NO_RIVAL, _l("None")), *options]
        for name in self._unused():
            del self[name]

    @property
    def is_tried(self) -> bool:
        return bool(request.args)

    def validate_envelope(self, field: ExactMoneyField) -> None:
        if field.data is None:  # a space, or separators alone
            raise ValidationError(str(_FILL))
        if digits_needed(field.data) > self._exponent:
            raise ValidationError(
                _("Write at most %(digits)s digits behind the point.", digits=self._exponent)
                if self._exponent
                else _("Write a whole amount, without anything behind the point.")
            )

    def trial(self) -> WhatIf:
        """The valid form; whatever the poll has no use for stays as it was."""
        was = as_it_was(self.rules)
        rivals = self._given("rival", _NO_RIVAL), self._given("other_rival", _NO_RIVAL)
        first, second = sorted(rivals)
        return WhatIf(
            rule=self._given("rule", was.rule),
            worth=self._given("satisfaction", was.worth),
            completion=self._given("completion", was.completion),
            envelope_amount=in_smallest_units(self.envelope.data, self._exponent)
            if "envelope" in self
            else was.envelope_amount,
            seats=self._given("seats", was.seats),
            threshold=self._given("threshold", was.threshold) or 0,
            support_divisor=self._given("support_divisor", was.support_divisor),
            weights=tuple((key, self._given(f"{_WEIGHTS}{key}", weight)) for key, weight in was.weights),
            keeps_envelopes=self._given("envelopes", "") != _ONE_ENVELOPE,
            rivals=(first, second) if second else None,
        )

    def _given(self, name: str, otherwise: Any) -> Any:
        return self[name].data if name in self else otherwise

    def _values_of(self, trial: WhatIf) -> dict[str, Any]:
        return {
            "rule": trial.rule,
            "satisfaction": trial.worth,
            "completion": trial.completion,
            "envelope": self._main_units(trial.envelope_amount),
            "seats": trial.seats,
            "threshold": trial.threshold or None,
            "support_divisor": trial.support_divisor,
            **{f"{_WEIGHTS}{key}": weight for key, weight in trial.weights},
        }

    def _main_units(self, amount: int) -> Decimal:
        """Whole where it is, as people write it."""
        exact = Money(amount, exponent=self._exponent).main_units
        return exact if digits_needed(exact) else Decimal(int(exact))

    def _unused(self) -> set[str]:
        rules = self.rules
        declared = {each.key for each in rules.ballot.electorates}
        unused = {f"{_WEIGHTS}{key}" for key in ("residents", "committee", "panel") if key not in declared}
        if rules.kind is PollKind.BUDGET:
            unused.add("seats")
        else:
            unused |= {"envelope", "support_divisor", "completion", "satisfaction", "rival", "other_rival"}
        if CountingRule.EQUAL_SHARES not in rules_to_try(rules):
            unused |= {"completion", "satisfaction"}
        if rules.ballot_type not in POINTS_BALLOTS and "satisfaction" not in unused:
            self.satisfaction.choices = [
                SelectChoice(each.value, label(each)) for each in Satisfaction if each is not Satisfaction.POINTS
            ]
        if rules.counting.envelopes_by is None:
            unused.add("envelopes")
        return unused
