"""Forms about proposals. The lengths are those of the domain, so that all faults are named at once."""

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civicvote.domain.proposals.listing import ProposalFilter, ProposalSort
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import LENGTHS
from civicvote.web.forms import strip
from civicvote.web.i18n import localized
from civicvote.web.labels import label
from civicvote.web.uploads import Attachment, FormWithFiles

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal
    from civicvote.domain.proposals.queries_files import ShownFile
    from civicvote.domain.rounds.models import Round


def _length(name: str) -> list[Any]:
    least, most = LENGTHS[name]
    too_long = Length(max=most, message=_l("This is too long: at most %(limit)s characters.", limit=most))
    if not least:
        return [too_long]
    too_short = Length(min=least, message=_l("Write a little more: at least %(least)s characters.", least=least))
    return [InputRequired(_l("Fill this in.")), too_short, too_long]


class ProposalForm(FormWithFiles):
    title = StringField(_l("Title"), filters=[strip], validators=_length("title"))
    summary = StringField(_l("In one sentence"), filters=[strip], validators=_length("summary"))
    field_key = SelectField(_l("Field"), validators=[InputRequired(_l("Choose a field."))])
    place = StringField(_l("Place"), filters=[strip], validators=_length("place"))
    body = TextAreaField(
        _l("What is the problem, and what should be done?"), filters=[strip], validators=_length("body")
    )
    version = HiddenField()

    def offer_fields_of(self, round_: "Round") -> "ProposalForm":
        self.field_key.choices = [
            SelectChoice("", _l("Choose")),
            *(SelectChoice(field.key, localized(field, "name")) for field in round_.fields),
        ]
        return self

    def filled_from(self, proposal: "Proposal", files: "list[ShownFile]") -> "ProposalForm":
        """What is written now; only for the first look at the form."""
        for name in ("title", "summary", "field_key", "place", "body"):
            self[name].data = getattr(proposal, name)
        self.version.data = str(proposal.version)
        self.carry([Attachment(each.upload, each.caption) for each in files])
        return self

    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("title", "summary", "body", "place")}

    @property
    def based_on(self) -> int:
        """The version that the edit began from; 0, which no version has, if it was tampered with."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class Listing:
    """What the address of a list asks for; what it does not understand, it leaves out."""

    def __init__(self, arguments: Any) -> None:
        sort = arguments.get("sort", "")
        state = arguments.get("state", "")
        self.sort = ProposalSort(sort) if sort in set(ProposalSort) else ProposalSort.NEWEST
        self.wanted = ProposalFilter(
            field_key=arguments.get("field", "")[:40],
            state=ProposalState(state) if state in set(ProposalState) else None,
            place=arguments.get("place", "").strip()[:80],
        )
        self.cursor = arguments.get("after")

    def address(self, **changed: Any) -> dict[str, Any]:
        """The arguments of the same list with changes; empty ones stay out of the address."""
        current = {
            "sort": self.sort.value if self.sort is not ProposalSort.NEWEST else "",
            "field": self.wanted.field_key,
            "state": self.wanted.state.value if self.wanted.state else "",
            "place": self.wanted.place,
        }
        return {name: value for name, value in {**current, **changed}.items() if value}

    @staticmethod
    def sorts() -> list[tuple[str, str]]:
        return [(sort.value, label(sort)) for sort in ProposalSort]

    @staticmethod
    def states() -> list[tuple[str, str]]:
        return [(state.value, label(state)) for state in ProposalState]
