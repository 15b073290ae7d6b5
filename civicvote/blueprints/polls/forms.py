"""Forms of voters and of those who run polls."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from civicvote.domain.polls.ballots import wishes
from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.kernel.permissions import Role
from civicvote.kernel.voting import BallotType
from civicvote.web.forms import Form, MoneyField, strip
from civicvote.web.labels import label

_LONG = _l("This is too long: at most %(max)d characters.")
GROUPS = "ABCDEFGH"


def _role_or_none(value: str) -> Role | None:
    return Role(value) if value else None


class BallotForm(Form):
    """What stands on the ballot; what of it is allowed is decided by the poll's rules.

    ``choices``: option keys, with ``points`` in the same order. Where numbers are typed beside the options, there is
    a field ``number-KEY`` for each instead. ``field`` and ``district`` narrow what is shown."""

    choices = SelectMultipleField(_l("Your choices"), choices=[], validate_choice=False)
    points = SelectMultipleField(choices=[], validate_choice=False)
    field = StringField()
    district = StringField()

    def wish(self, options: Sequence[FrozenOption], ballot_type: BallotType) -> Wish:
        typed = {option.key: request.form.get(f"number-{option.key}", "") for option in options}
        if any(f"number-{option.key}" in request.form for option in options):
            return wishes.of_numbers(typed, options, ballot_type)
        return wishes.of_choices(self.choices.data or [], self.whole_points, ballot_type)

    @property
    def whole_points(self) -> list[int]:
        """Points as the confirmation page sends them on; what is none is none."""
        return [int(text) for text in self.points.data or [] if text.isascii() and text.isdigit() and len(text) <= 4]


class CastForm(BallotForm):
    idempotency_key = StringField()


class ActForm(Form):
    """One button."""


class CloseForm(Form):
    reason = TextAreaField(_l("Why it is closed early"), filters=[strip], validators=[Length(max=500, message=_LONG)])


class OptionsForm(Form):
    """Ids, as they stand in addresses, of the proposals or projects that go on the ballot; beside each a letter, the
    same for those that exclude each other."""

    subjects = SelectMultipleField(_l("On the ballot"), choices=[], validate_choice=False)

    def incompatible(self) -> tuple[tuple[str, ...], ...]:
        """Groups of chosen keys of which at most one can win."""
        groups: dict[str, list[str]] = {}
        for key in self.subjects.data or []:
            letter = request.form.get(f"group-{key}", "")
            if len(letter) == 1 and letter in GROUPS:
                groups.setdefault(letter, []).append(key)
        return tuple(tuple(keys) for _, keys in sorted(groups.items()) if len(keys) > 1)


class ElectorsForm(Form):
    addresses = TextAreaField(_l("Mail addresses, one a line"), validators=[Length(max=20_000, message=_LONG)])
    role = SelectField(_l("Everybody who holds the role"), coerce=_role_or_none)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [SelectChoice("", _l("Nobody")), *(SelectChoice(role.value, label(role)) for role in Role)]


def envelopes_form(parts: Mapping[str, str], amounts: Mapping[str, int]) -> Form:
    """A form with a field ``part_N`` for each of ``parts`` (key → name), in their order. Amounts in main units."""
    fields = {f"part_{number}": MoneyField(name) for number, name in enumerate(parts.values())}
    form_class = type("EnvelopesForm", (Form,), fields)
    form: Form = form_class(data={f"part_{number}": amounts.get(key) for number, key in enumerate(parts)})
    return form


def amounts_of(form: Form, parts: Mapping[str, str], currency_exponent: int) -> dict[str, int]:
    """Key → amount in the currency's smallest unit; parts left empty have no envelope of their own."""
    given = {key: form[f"part_{number}"].data for number, key in enumerate(parts)}
    return {key: amount * 10**currency_exponent for key, amount in given.items() if amount}
