"""What several views of this package answer with."""

from typing import TYPE_CHECKING

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from civicvote.web.htmx import see_other
from civicvote.web.i18n import localized
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round


def field_names(round_: "Round") -> dict[str, str]:
    """The round's fields in the reader's language, by their keys."""
    return {field.key: localized(field, "name") for field in round_.fields}


def stored(proposal_id: int, message: str) -> ResponseReturnValue:
    """On to the proposal's page, which says what was done."""
    flash(message, "success")
    return see_other(url_for("proposals.show", slug=current_region().slug, proposal_id=proposal_id))
