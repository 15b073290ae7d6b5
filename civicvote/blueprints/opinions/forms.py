"""Forms of opinion questions. The domain's lengths hold; it names its refusals beside the fields."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from civicvote.web.forms import Form, MomentField, strip

if TYPE_CHECKING:
    from civicvote.domain.opinions.models import OpinionQuestion


class QuestionForm(Form):
    title = StringField(_l("The question"), filters=[strip], validators=[InputRequired(_l("Fill this in."))])
    introduction = TextAreaField(_l("Introduction"), filters=[strip])
    seeds = TextAreaField(_l("Statements to begin with"), validators=[InputRequired(_l("Fill this in."))])
    closes_at = MomentField(_l("Closes on"), validators=[InputRequired(_l("Fill this in."))])

    def filled_from(self, question: "OpinionQuestion", seeds: list[str]) -> "QuestionForm":
        self.title.data, self.introduction.data = question.title, question.introduction
        self.seeds.data, self.closes_at.data = "\n".join(seeds), question.closes_at
        return self

    def given(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("title", "introduction", "seeds")}

    def closing(self) -> datetime | None:
        moment: datetime | None = self.closes_at.data
        return moment


class StatementForm(Form):
    text = TextAreaField(
        _l("Your statement"), filters=[strip], validators=[InputRequired(_l("Write a sentence first."))]
    )


class ReasonForm(Form):
    reason = StringField(_l("Reason, for the author"), filters=[strip])
