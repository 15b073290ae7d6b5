"""Words for what search finds; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.findable.kinds import FindableKind

SEARCH_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    FindableKind: {
        FindableKind.PROPOSAL: _l("Proposal"),
        FindableKind.COMMENT: _l("Comment"),
        FindableKind.VOICE: _l("Answer or summary"),
        FindableKind.OPINION_QUESTION: _l("Opinion question"),
        FindableKind.AGENDA_ITEM: _l("Agenda item"),
        FindableKind.PROJECT: _l("Project"),
        FindableKind.POLL: _l("Poll"),
        FindableKind.DECISION: _l("Moderators' decision"),
    },
}
