"""Words for the ladder's steps and for who speaks as what; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.voices.kinds import VoiceKind

VOICE_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    LadderStep: {
        LadderStep.DEPARTMENT_ANSWERS: _l("The department answers"),
        LadderStep.FORUM: _l("A forum is held"),
        LadderStep.MAYOR_ANSWERS: _l("The mayor answers"),
    },
    VoiceKind: {
        VoiceKind.OFFICIAL_ANSWER: _l("Official answer"),
        VoiceKind.SUMMARY: _l("Summary of the discussion"),
        VoiceKind.EXPERT_OPINION: _l("Expert opinion"),
        VoiceKind.BUDGET_INFORMATION: _l("What it would cost"),
    },
}
