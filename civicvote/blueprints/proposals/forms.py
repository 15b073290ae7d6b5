"""Forms about proposals. The lengths are those of the domain, so that all faults are named at once."""

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civicvote.blueprints.proposals.places import PlaceFields
from civicvote.domain.proposals.texts import LENGTHS
from civicvote.web.forms import strip
from civicvote.web.i18n import localized
from civicvote.web.scope import current_region
from civicvote.web.uploads import Attachment, FormWithFiles

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal, ProposalDraft
    from civicvote.domain.proposals.queries_files import ShownFile
    from civicvote.domain.rounds.models import Round


def _length(name: str) -> list[Any]:
    least, most = LENGTHS[name]
    too_long = Length(max=most, message=_l("This is too long: at most %(limit)s characters.", limit=most))
    if not least:
        return [too_long]
    too_short = Length(min=least, message=_l("Write a little more: at least %(least)s characters.", least=least))
    return [InputRequired(_l("Fill this in.")), too_short, too_long]


class ProposalForm(PlaceFields, FormWithFiles):
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

    def standing(self, proposal: "Proposal", files: "list[ShownFile]") -> "ProposalForm":
        """The form changes this proposal, beside which these files stand; others than the reader may have sent them."""
        self.knows(
            Attachment(
                each.upload,
                each.caption,
                url_for(
                    "files.of_proposal",
                    slug=current_region().slug,
                    proposal_id=proposal.id,
                    upload_id=each.upload.id,
                ),
            )
            for each in files
        )
        return self

    def filled_from(self, proposal: "Proposal") -> "ProposalForm":
        """What is written now; only for the first look at the form."""
        for name in ("title", "summary", "field_key", "place", "body"):
            self[name].data = getattr(proposal, name)
        self.show_spot(proposal)
        self.version.data = str(proposal.version)
        self.carry([*self._standing.values()])
        return self

    def continued_from(self, draft: "ProposalDraft") -> "ProposalForm":
        """What was typed before; only for the first look at the form."""
        for name in ("title", "summary", "field_key", "place", "body"):
            self[name].data = getattr(draft, name)
        self.show_spot(draft)
        return self

    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("title", "summary", "body", "place")}

    @property
    def based_on(self) -> int:
        """The version that the edit began from; 0, which no version has, if it was tampered with."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
