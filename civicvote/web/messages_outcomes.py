"""The sentences behind what the simulator refuses; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

OUTCOME_SENTENCES: dict[str, LazyString] = {
    "ballots_not_published": _l(
        "The ballots of this vote are kept to observers, as its rules said before it opened. So only they can count "
        "them again under other rules."
    ),
    "counting_busy": _l("Others are having votes counted at this moment. Try again in a minute."),
    "small_district_withheld": _l(
        "Fewer than ten ballots came from one of the districts. Trials would tell what they say, so there are none "
        "here."
    ),
    "trial_envelope_unusable": _l("Try an envelope of at least 1 and at most ten times the one that was divided."),
    "trial_number_unusable": _l("Enter a whole number from %(least)s to %(largest)s."),
    "trial_weight_unusable": _l("Enter a weight from 1 to %(largest)s."),
    "trial_rule_unusable": _l("This vote can't be counted by that rule."),
    "trial_too_large": _l(
        "With so many ballots this trial takes more than %(runs)s runs of Equal Shares, more than are counted while "
        "you wait. Take the ballots home from the outcome page and count them with “civicvote count”, or try another "
        "rule, a smaller envelope or another use of what is left over."
    ),
    "trial_rivals_unusable": _l("Choose two different projects, or none in both lists."),
}
