"""What people read when a rule of merging says no; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MERGING_SENTENCES: dict[str, LazyString] = {
    "proposal_merged": _l("This proposal was merged into another one. Go on there; its page leads to it."),
    "unknown_merge": _l("There is no such merge, or it is not public."),
    "merge_with_itself": _l("Choose another proposal: this is the same one."),
    "merge_across_rounds": _l("Only proposals of the same round can be merged."),
    "merge_settled": _l("One of the two is on a ballot or was decided about, so they can't be merged any more."),
    "merge_asked": _l("This merge was suggested already and waits for an answer."),
    "merge_refused_before": _l(
        "The author of the other proposal refused this merge. They or a moderator can suggest it again."
    ),
    "merge_answered": _l("This suggestion was answered or taken back meanwhile. See below how it stands."),
    "merge_not_yours": _l("Only the authors of the two proposals and moderators can do this."),
    "merge_reason_too_short": _l("Say why in at least %(least)s characters. Everybody can read it."),
    "merge_reason_too_long": _l("This is too long: at most %(limit)s characters."),
    "not_merging": _l("These proposals are not merged any more."),
    "merge_on_ballot": _l(
        "Residents vote on the leading proposal or have voted on it. A merge can't be undone any more then."
    ),
    "merge_undo_over": _l("A merge can be undone for 14 days. This one could be until %(until)s."),
    "poll_option_gone": _l(
        "The proposal “%(option)s” was merged, hidden, withdrawn or decided about meanwhile. Choose the options anew."
    ),
    "merged_meanwhile": _l("Somebody merged or separated proposals in this very moment. Try once more."),
}
