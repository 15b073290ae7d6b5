"""The words of turnout by group; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicvote.domain.polls.roll.turnout_groups import AgeBand, Division

TURNOUT_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Division: {
        Division.DISTRICT: _l("By neighbourhood"),
        Division.AGE: _l("By age"),
        Division.RESIDENCY: _l("By tie to the region"),
    },
    AgeBand: {
        AgeBand.UNDER_20: _l("Under 20"),
        AgeBand.FROM_20: _l("20 to 29"),
        AgeBand.FROM_30: _l("30 to 39"),
        AgeBand.FROM_40: _l("40 to 49"),
        AgeBand.FROM_50: _l("50 to 59"),
        AgeBand.FROM_60: _l("60 to 69"),
        AgeBand.FROM_70: _l("70 and over"),
    },
}
