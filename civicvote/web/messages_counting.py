"""What a ballot or a way of counting may not be; ``messages`` takes the sentences in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

COUNTING_SENTENCES: dict[str, LazyString] = {
    "ballot_too_many_of_field": _l("Choose at most %(limit)s of one field. You have chosen %(given)s of the same."),
    "ballot_outside_district": _l("One of your choices belongs to another district. Choose among those of your own."),
    "tally_envelopes_exceed_budget": _l("The envelopes are together more than the budget, or one is below zero."),
    "tally_rivals_across_envelopes": _l(
        "Projects that exclude each other must be in the same envelope. These are not: %(options)s."
    ),
    "tally_rule_takes_no_weights": _l(
        "This way of counting can't weigh electorates: “%(rule)s”. Choose one that goes by the sum of votes or points."
    ),
    "tally_weight_not_positive": _l("Every electorate needs a weight above zero."),
    "ballots_too_few": _l("So few people voted that single ballots would tell who chose what. They are not given out."),
    "bundle_unusable": _l("This is no recount bundle as this site makes them."),
    "pabulib_unwritable": _l("“%(what)s” can't stand in a Pabulib file."),
    "tally_negative_points_weighed": _l("With several electorates no ballot may give fewer than zero points."),
}
