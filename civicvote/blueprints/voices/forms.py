"""Forms of those who speak by their role. The lengths are those of the domain."""

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civicvote.domain.proposals.forum import NOTE_LENGTH, PLACE_LENGTH
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.services import REASON_LENGTH
from civicvote.domain.voices.texts import LENGTHS, NEEDED, VoiceTexts
from civicvote.web.forms import Form, strip

if TYPE_CHECKING:
    from civicvote.domain.voices.models import Voice

_FILL = _l("Fill this in.")
_NONE, _SOME = "none", "some"

_BODY_LABELS = {
    VoiceKind.OFFICIAL_ANSWER: _l("The answer"),
    VoiceKind.SUMMARY: _l("The summary"),
    VoiceKind.EXPERT_OPINION: _l("The opinion"),
    VoiceKind.BUDGET_INFORMATION: _l("How the amount comes about"),
}


def _length(name: str) -> list[Any]:
    least, most = LENGTHS[name]
    too_long = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    if not least:
        return [too_long]
    too_short = Length(min=least, message=_l("Write a little more: at least %(least)s characters.", least=least))
    return [InputRequired(_FILL), too_short, too_long]


class VoiceForm(Form):
    """What a voice of one kind says; ``of_kind`` leaves out what the kind does not have, and whose answer it is from
    those who can't speak for the mayor."""

    office = StringField(_l("Department"), filters=[strip], validators=_length("office"))
    estimate = StringField(_l("Amount"), filters=[strip], validators=_length("estimate"))
    has_interests = RadioField(
        _l("Do you have something at stake?"),
        choices=[
            SelectChoice(_NONE, _l("No, nothing")),
            SelectChoice(_SOME, _l("Yes, as I say below")),
        ],
        validate_choice=False,
    )
    interests = TextAreaField(_l("What I have at stake"), filters=[strip], validators=_length("interests"))
    body = TextAreaField(filters=[strip], validators=_length("body"))
    is_mayors = BooleanField(_l("This is the mayor's own answer"))
    version = HiddenField()

    def of_kind(self, kind: VoiceKind, *, is_mayors: bool = False) -> "VoiceForm":
        self.body.label.text = _BODY_LABELS[kind]
        is_expert = kind is VoiceKind.EXPERT_OPINION
        if is_expert:
            self.office.label.text = _l("Field and institution")
        left_out = [] if kind is VoiceKind.OFFICIAL_ANSWER and is_mayors else ["is_mayors"]
        left_out += [] if is_expert else ["has_interests", "interests"]
        left_out += [] if kind is VoiceKind.BUDGET_INFORMATION else ["estimate"]
        left_out += ["office"] if kind is VoiceKind.SUMMARY else []
        for name in left_out:
            del self[name]
        for name in NEEDED[kind]:
            self[name].validators = [InputRequired(_FILL), *self[name].validators]
        return self

    def filled_from(self, voice: "Voice") -> "VoiceForm":
        """What is said now; only for the first look at the form."""
        for name in ("office", "estimate", "interests", "body"):
            if name in self:
                self[name].data = getattr(voice, name)
        if "has_interests" in self:
            self.has_interests.data = _SOME if voice.interests else _NONE
        self.version.data = str(voice.version)
        return self

    def texts(self) -> VoiceTexts:
        declared = self.has_interests.data if "has_interests" in self else None
        return VoiceTexts(
            body=self.body.data or "",
            office=self._said("office"),
            estimate=self._said("estimate"),
            has_interests={_NONE: False, _SOME: True}.get(declared or ""),
            interests=self._said("interests"),
        )

    def _said(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""

    @property
    def speaks_for_mayor(self) -> bool:
        return "is_mayors" in self and bool(self.is_mayors.data)

    @property
    def based_on(self) -> int:
        """The version that the edit began from; 0, which no version has, if it was tampered with."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class WithdrawalForm(Form):
    reason = TextAreaField(
        _l("Why it is no longer upheld"),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the reason. Residents will read it.")),
            Length(max=REASON_LENGTH, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )


class DayField(DateField):
    """A day; what can't be read is said in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_l("Write the day like 2026-03-02."))) from None


class ForumForm(Form):
    held_on = DayField(_l("Day"), validators=[InputRequired(_l("Enter the day."))])
    place = StringField(
        _l("Time and place"),
        filters=[strip],
        validators=[
            InputRequired(_FILL),
            Length(max=PLACE_LENGTH, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )
    note = TextAreaField(
        _l("What it is about, or what came out of it"),
        filters=[strip],
        validators=[Length(max=NOTE_LENGTH, message=_l("This is too long: at most %(max)d characters."))],
    )
