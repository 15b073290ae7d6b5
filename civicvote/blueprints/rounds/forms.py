"""Forms of those who run rounds. Days and times are those of the residents' clocks."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from civicvote.domain.rounds.errors import PhaseWithoutEnd
from civicvote.domain.rounds.fields import NamedField, read_fields, write_fields
from civicvote.domain.rounds.planning import schedule_problems, suggested_schedule
from civicvote.domain.rounds.rules import LIMITS, RULE_NAMES, RoundRules
from civicvote.domain.rounds.schedule import ScheduledPhase, Span
from civicvote.domain.rounds.services import RoundDetails
from civicvote.kernel import clock
from civicvote.kernel.errors import Refusal
from civicvote.kernel.phases import Phase
from civicvote.web.forms import Form, MomentField, MoneyField, WholeNumberField, strip
from civicvote.web.labels import LABELS


def _within(rule: str) -> list[Any]:
    limits = LIMITS[rule]
    message = _l("Enter a whole number from %(lowest)s to %(highest)s.", lowest=limits.lowest, highest=limits.highest)
    return [InputRequired(message), NumberRange(limits.lowest, limits.highest, message)]


_FILL = _l("Fill this in.")
_LONG = _l("This is too long: at most %(max)d characters.")


class RoundForm(Form):
    """Everything an officer decides about a round. Each phase has ``<phase>_starts_at`` and ``<phase>_ends_at``."""

    year = WholeNumberField(
        _l("Year"),
        validators=[
            InputRequired(_l("Enter the year in four digits.")),
            NumberRange(2000, 2100, _l("Enter the year in four digits.")),
        ],
    )
    title_ko = StringField(
        _l("Title in Korean"), filters=[strip], validators=[InputRequired(_FILL), Length(max=200, message=_LONG)]
    )
    title_en = StringField(_l("Title in English"), filters=[strip], validators=[Length(max=200, message=_LONG)])
    summary_ko = TextAreaField(
        _l("What this round is about, in Korean"), filters=[strip], validators=[Length(max=2000, message=_LONG)]
    )
    summary_en = TextAreaField(
        _l("What this round is about, in English"), filters=[strip], validators=[Length(max=2000, message=_LONG)]
    )
    envelope = MoneyField(_l("Envelope"))
    field_names = TextAreaField(_l("Fields"))
    proposals_per_person = WholeNumberField(
        _l("Proposals a person may make"), validators=_within("proposals_per_person")
    )
    comment_silent_edit_minutes = WholeNumberField(
        _l("Minutes in which a comment can be changed silently"), validators=_within("comment_silent_edit_minutes")
    )
    comment_edit_hours = WholeNumberField(
        _l("Hours in which a comment can be changed with its history shown"), validators=_within("comment_edit_hours")
    )

    ladder_department_answers = WholeNumberField(
        _l("Endorsements for which the department answers"), validators=_within("ladder_department_answers")
    )
    ladder_forum = WholeNumberField(_l("Endorsements for which a forum is held"), validators=_within("ladder_forum"))
    ladder_mayor_answers = WholeNumberField(
        _l("Endorsements for which the mayor answers"), validators=_within("ladder_mayor_answers")
    )
    shows_turnout_by_group = RadioField(
        _l("What is shown of who voted"),
        coerce=int,
        default=0,
        choices=[
            SelectChoice(0, _l("Only how many voted in all")),
            SelectChoice(1, _l("Also by neighbourhood, age and tie to the region")),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Name every fault of the schedule, the rules and the fields at once, not one after the other."""
        super().validate(extra_validators)
        for refusal in (*self._half_dated(), *schedule_problems(self.spans())):
            self.refuse(refusal)
        with self.refusals():
            read_fields(self.field_names.data or "")
        if not any(self._fields[rule].errors for rule in RULE_NAMES):
            with self.refusals():
                RoundRules.from_json({rule: self._fields[rule].data for rule in RULE_NAMES})
        return not self.errors

    def moment(self, phase: Phase, end: str) -> Any:
        return self._fields[f"{phase}_{end}"]

    def _half_dated(self) -> Iterator[Refusal]:
        for phase in Phase:
            start, end = self.moment(phase, "starts_at"), self.moment(phase, "ends_at")
            if start.errors or end.errors or bool(start.data) == bool(end.data):
                continue
            yield PhaseWithoutEnd(field=f"{phase}_ends_at" if start.data else f"{phase}_starts_at")

    def spans(self) -> list[Span]:
        """The phases that have both times."""
        pairs = ((phase, self.moment(phase, "starts_at").data, self.moment(phase, "ends_at").data) for phase in Phase)
        return [Span(phase, start, end) for phase, start, end in pairs if start and end]

    def details(self, currency_exponent: int) -> RoundDetails:
        """The valid form as the services take it."""
        return RoundDetails(
            year=self.year.data,
            title_ko=self.title_ko.data,
            title_en=self.title_en.data or "",
            summary_ko=self.summary_ko.data or "",
            summary_en=self.summary_en.data or "",
            envelope_amount=(self.envelope.data or 0) * 10**currency_exponent,
            spans=self.spans(),
            fields=read_fields(self.field_names.data or ""),
            rules=RoundRules(**{rule: self._fields[rule].data for rule in RULE_NAMES}),
        )


for _phase in Phase:
    _name = LABELS[Phase][_phase]
    setattr(RoundForm, f"{_phase}_starts_at", MomentField(_l("%(phase)s: start", phase=_name)))
    setattr(RoundForm, f"{_phase}_ends_at", MomentField(_l("%(phase)s: end", phase=_name)))


class ExtensionForm(Form):
    ends_at = MomentField(_l("New end"), validators=[InputRequired(_l("Enter the day and the time."))])
    reason = TextAreaField(
        _l("Reason, as residents will read it"),
        filters=[strip],
        validators=[InputRequired(_l("Give the reason. Residents will read it.")), Length(max=1000, message=_LONG)],
    )


def values_of(round_: Any, currency_exponent: int) -> dict[str, Any]:
    """What the form shows of a stored round."""
    return {
        "year": round_.year,
        "title_ko": round_.title_ko,
        "title_en": round_.title_en,
        "summary_ko": round_.summary_ko,
        "summary_en": round_.summary_en,
        "envelope": round_.envelope_amount // 10**currency_exponent,
        **_rest(RoundRules.from_json(round_.rules), round_.phases, round_.fields),
    }


def values_of_new(latest: Any | None, currency_exponent: int) -> dict[str, Any]:
    """What the form offers for a new round: last year's with the year moved on, dates as suggested from today."""
    dates = suggested_schedule(clock.today())
    if latest is None:
        return {"year": dates[0].starts_at.year, **_rest(RoundRules(), dates, [])}
    values, year = values_of(latest, currency_exponent), latest.year + 1
    moved = {
        name: values[name].replace(str(latest.year), str(year))
        for name in ("title_ko", "title_en", "summary_ko", "summary_en")
    }
    return {**values, **moved, "year": year, **_rest(RoundRules.from_json(latest.rules), dates, latest.fields)}


def _rest(rules: RoundRules, spans: Iterable[ScheduledPhase], fields: Iterable[NamedField]) -> dict[str, Any]:
    dates: dict[str, Any] = {}
    for span in spans:
        dates |= {f"{span.phase}_starts_at": span.starts_at, f"{span.phase}_ends_at": span.ends_at}
    return {**rules.to_json(), **dates, "field_names": write_fields(fields)}
