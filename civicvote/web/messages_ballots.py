"""What a draft, an electorate or a ballot may not be; ``messages`` takes the sentences in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

BALLOT_SENTENCES: dict[str, LazyString] = {
    "ballot_outside_declared_groups": _l("This ballot belongs to none of the groups that the vote declared."),
    "ballot_not_as_cast": _l("An envelope holds a ballot that nobody could have cast."),
    "ballot_number_unreadable": _l("Write a whole number beside “%(option)s”, or leave it empty."),
    "ballot_place_taken": _l("Two have the place %(place)s. Give “%(option)s” another one."),
    "poll_ballot_does_not_fit": _l("Votes of this kind have no such ballots."),
    "poll_rule_does_not_fit_ballot": _l(
        "“%(rule)s” asks for more than these ballots say. Choose another kind of ballot."
    ),
    "poll_points_limits_unusable": _l("Say how many points there are at most, from 1 to %(most)s."),
    "poll_field_limit_unusable": _l("Enter at least 1, or leave it empty."),
    "poll_electorates_unusable": _l(
        "Several electorates need a weight for the residents and for at least one other, each from 1 to %(most)s."
    ),
    "poll_electorates_not_counted": _l(
        "“%(rule)s” can't weigh electorates. Choose a way of counting that goes by the sum of votes or points."
    ),
    "poll_counting_choice_unusable": _l("Enter a whole number of at least 1."),
    "poll_increment_too_small": _l(
        "With so few people on the roll, shares that grow by so little would take too many runs. "
        "Let them grow by at least %(least)s of the smallest unit."
    ),
    "poll_envelopes_unusable": _l("Enter amounts for the parts, together no more than the envelope."),
    "poll_envelope_without_options": _l(
        "An amount is set aside for a part of which nothing is on the ballot: %(key)s."
    ),
    "poll_option_above_part": _l("“%(option)s” costs more than its part of the envelope and could never win."),
    "poll_rivals_in_several_parts": _l(
        "Of these at most one can win, but they belong to different parts of the envelope, which are counted "
        "apart: %(options)s."
    ),
    "poll_incompatible_unknown": _l(
        "Something is to exclude others, but is not on the ballot. Choose the options again."
    ),
    "poll_ballot_cannot_be_filled": _l(
        "A ballot needs at least %(fewest)s choices, but somebody is offered only %(offered)s that go together. "
        "Ask for fewer, or put more on the ballot."
    ),
    "poll_electorate_too_small": _l(
        "In the electorate “%(electorate)s” vote %(found)s people. At least %(fewest)s are needed, or what they choose "
        "could be computed from the outcome."
    ),
    "poll_district_too_small": _l(
        "%(found)s people of %(district)s are on the roll. At least %(fewest)s are needed where a district has options "
        "of its own, or what they choose could be computed from the outcome."
    ),
    "poll_electorate_unknown": _l("The vote has no such electorate."),
    "poll_elector_unknown": _l("No account has the address %(address)s."),
    "poll_elector_in_two": _l("%(name)s is named for another electorate already. Nobody votes twice."),
}
