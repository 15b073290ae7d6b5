"""The forms in which officers lay down a poll: what is decided, on what ballots, and how they are counted."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civicvote.domain.polls.ballots.kinds import BallotKind, ballot_kinds_of, kind_of
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.planning.ballot_plan import MOST_POINTS, MOST_WEIGHT
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan, counting_rules_of
from civicvote.domain.polls.roll.electorates import COMMITTEE, PANEL, electorates_from
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.domain.tally.ties import TieStep
from civicvote.domain.verification.rules import OLDEST_MINIMUM_AGE
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction
from civicvote.web.ballot_words import TIE_ORDERS
from civicvote.web.forms import Form, MomentField, MoneyField, WholeNumberField, strip
from civicvote.web.labels import label

_FILL = _l("Fill this in.")
_CHOOSE = _l("Choose one.")
_LONG = _l("This is too long: at most %(max)d characters.")
_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")
_MOST = 1_000
_WEIGHTS = {RESIDENTS: "weight_residents", COMMITTEE: "weight_committee", PANEL: "weight_panel"}
_ONE_ENVELOPE = "one"
_LOT_ALONE = "lot"


def _number(words: Any, most: int = _MOST) -> WholeNumberField:
    return WholeNumberField(words, validators=[Optional(), NumberRange(1, most, _WHOLE)])


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
    ballot_type = RadioField(_l("Kind of ballot"), coerce=BallotKind, validators=[InputRequired(_CHOOSE)])
    min_choices = WholeNumberField(
        _l("How many at least"), validators=[InputRequired(_FILL), NumberRange(1, _MOST, _WHOLE)]
    )
    max_choices = _number(_l("How many a person may choose at most"))
    max_sum_points = _number(_l("Points to distribute, in all"), MOST_POINTS)
    max_points = _number(_l("Most points for one"), MOST_POINTS)
    max_per_field = _number(_l("How many of one field at most"))
    own_district_only = BooleanField(_l("Everybody votes on the own district and on what belongs to none"))
    counting_rule = RadioField(_l("How winners are found"), coerce=CountingRule, validators=[InputRequired(_CHOOSE)])
    threshold = WholeNumberField(
        _l("How many must have chosen what wins"), validators=[Optional(), NumberRange(0, 10_000_000, _WHOLE)]
    )
    tie_steps = RadioField(
        _l("Between equals"),
        choices=[SelectChoice(*order) for order in TIE_ORDERS.items()],
        validators=[InputRequired(_CHOOSE)],
    )
    publishes_ballots = RadioField(
        _l("Who may have the anonymous ballots after the count"),
        choices=[SelectChoice("1", _l("Everybody may count again")), SelectChoice("0", _l("Observers only"))],
        validators=[InputRequired(_CHOOSE)],
    )

    kind: PollKind

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot_type.choices = [SelectChoice(each.value, label(each)) for each in ballot_kinds_of(self.kind)]
        self.counting_rule.choices = [SelectChoice(rule.value, label(rule)) for rule in counting_rules_of(self.kind)]

    def plan(self, draft: PollPlan, currency_exponent: int) -> PollPlan:
        """The valid form as the services take it; ``draft`` has what other pages lay down."""
        raise NotImplementedError

    def common(self) -> dict[str, Any]:
        return {
            **{name: self[name].data for name in ("title_ko", "title_en", "opens_at", "closes_at", "minimum_age")},
            "description_ko": self.description_ko.data or "",
            "description_en": self.description_en.data or "",
            "kind": self.kind,
            "ballot_type": self.ballot_type.data.ballot_type,
            "min_choices": self.min_choices.data,
            "max_choices": 1 if self.ballot_type.data is BallotKind.CHOOSE_1 else self.max_choices.data,
            "counting_rule": self.counting_rule.data,
            "threshold": 1 if self.threshold.data is None else self.threshold.data,
            "tie_steps": tuple(TieStep(step) for step in self.tie_steps.data.split(",") if step != _LOT_ALONE),
            "publishes_ballots": self.publishes_ballots.data == "1",
        }

    def shape(self) -> dict[str, Any]:
        has_points = self.ballot_type.data.ballot_type in POINTS_BALLOTS
        is_cumulative = self.ballot_type.data is BallotKind.CUMULATIVE
        return {
            "min_points": 1 if has_points else None,
            "max_points": self.max_points.data if has_points else None,
            "max_sum_points": self.max_sum_points.data if is_cumulative else None,
            "max_per_field": self.max_per_field.data,
            "own_district_only": self.own_district_only.data,
        }


class AgendaPollForm(_PollForm):
    kind = PollKind.AGENDA
    seats = WholeNumberField(
        _l("How many become agenda items"), validators=[InputRequired(_FILL), NumberRange(1, _MOST, _WHOLE)]
    )
    weight_residents = _number(_l("Weight of the residents"), MOST_WEIGHT)
    weight_committee = _number(_l("Weight of the committee"), MOST_WEIGHT)
    weight_panel = _number(_l("Weight of the citizens' panel"), MOST_WEIGHT)

    def plan(self, draft: PollPlan, currency_exponent: int) -> PollPlan:
        weights = {key: self[name].data for key, name in _WEIGHTS.items()}
        return PollPlan(
            **self.common(),
            seats=self.seats.data,
            counting=draft.counting,
            ballot=BallotShape(**self.shape(), electorates=electorates_from(weights)),
        )


class BudgetPollForm(_PollForm):
    kind = PollKind.BUDGET
    envelope_amount = MoneyField(_l("Envelope that is divided"), validators=[InputRequired(_FILL)])
    ballot_limit_amount = MoneyField(_l("How much one ballot may spend"))
    satisfaction = RadioField(_l("What a project is worth to its supporters"), coerce=Satisfaction)
    completion = RadioField(_l("What becomes of money that is left over"), coerce=Completion)
    increment_amount = WholeNumberField(
        _l("Step by which the shares grow"), validators=[InputRequired(_FILL), NumberRange(1, 999_999_999, _WHOLE)]
    )
    compares_with_greedy = BooleanField(_l("Where more voters prefer the outcome by most votes first, that one holds"))
    support_divisor = _number(_l("Divisor of the minimum support"))
    envelopes_by = RadioField(_l("Parts of the envelope"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.satisfaction.choices = [SelectChoice(each.value, label(each)) for each in Satisfaction]
        self.completion.choices = [SelectChoice(each.value, label(each)) for each in Completion]
        self.envelopes_by.choices = [
            SelectChoice(_ONE_ENVELOPE, _l("One envelope for all")),
            *(SelectChoice(each.value, label(each)) for each in EnvelopesBy),
        ]

    def plan(self, draft: PollPlan, currency_exponent: int) -> PollPlan:
        """A knapsack may spend the whole envelope where nothing less is said."""
        unit = 10**currency_exponent
        envelope = (self.envelope_amount.data or 0) * unit
        limit = self.ballot_limit_amount.data
        by = None if self.envelopes_by.data == _ONE_ENVELOPE else EnvelopesBy(self.envelopes_by.data)
        return PollPlan(
            **self.common(),
            envelope_amount=envelope,
            ballot_limit_amount=(envelope if limit is None else limit * unit)
            if self.ballot_type.data is BallotKind.KNAPSACK
            else None,
            counting=CountingChoice(
                satisfaction=self.satisfaction.data,
                completion=self.completion.data,
                increment_amount=self.increment_amount.data,
                most_runs=draft.counting.most_runs,
                support_divisor=self.support_divisor.data,
                compares_with_greedy=self.compares_with_greedy.data,
                incompatible=draft.counting.incompatible,
                envelopes_by=by,
                envelopes=draft.counting.envelopes if by is draft.counting.envelopes_by else {},
            ),
            ballot=BallotShape(**self.shape()),
        )


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
    weights = {electorate.key: electorate.weight for electorate in plan.ballot.electorates}
    return values | {
        "ballot_type": kind_of(plan.ballot_type, plan.ballot_limit_amount),
        "tie_steps": ",".join(plan.tie_steps) or _LOT_ALONE,
        "publishes_ballots": "1" if plan.publishes_ballots else "0",
        **{
            name: getattr(plan.ballot, name)
            for name in ("max_points", "max_sum_points", "max_per_field", "own_district_only")
        },
        **{name: weights.get(key) for key, name in _WEIGHTS.items()},
        **{
            name: getattr(plan.counting, name)
            for name in (
                "satisfaction",
                "completion",
                "increment_amount",
                "compares_with_greedy",
                "support_divisor",
            )
        },
        "envelopes_by": plan.counting.envelopes_by or _ONE_ENVELOPE,
    }
