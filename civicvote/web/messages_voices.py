"""The sentences behind what following, the endorsement ladder and voices refuse; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

VOICE_SENTENCES: dict[str, LazyString] = {
    "ladder_not_rising": _l(
        "Each step needs more endorsements than the one below it (%(below)s), or 0 for no such step."
    ),
    "step_not_reached": _l("The proposal does not have enough endorsements for this yet."),
    "forum_date_unlikely": _l("Choose a day within a year from today."),
    "forum_detail_unusable": _l("Write something here, at most %(limit)s characters."),
    "unknown_voice": _l("There is no such answer or opinion."),
    "voice_text_unusable": _l("Write between %(least)s and %(limit)s characters."),
    "interests_not_declared": _l(
        "Say whether you have something at stake. Readers weigh an opinion better when they know."
    ),
    "voice_edited_meanwhile": _l(
        "Somebody changed this while you were writing. Open it anew, look at the change, and carry yours over."
    ),
    "voice_withdrawn": _l("This is no longer upheld. Publish a new one instead."),
    "withdrawal_reason_missing": _l(
        "Say why it is no longer upheld, in at most %(limit)s characters. Readers see the reason."
    ),
}
