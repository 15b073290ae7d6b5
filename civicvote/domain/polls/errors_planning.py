"""What a draft is refused for: ballots that can't be filled in, counts that can't be made of them."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class BallotDoesNotFitKind(Invalid):
    """Polls of this kind have no such ballots."""

    code = "poll_ballot_does_not_fit"
    field = "ballot_type"


class RuleDoesNotFitBallot(Invalid):
    """``rule`` asks for what these ballots do not say: an order, or points."""

    code = "poll_rule_does_not_fit_ballot"
    field = "counting_rule"


class PointsLimitsUnusable(Invalid):
    """A ballot with points needs the most that it may give, up to ``most``, and no least above it."""

    code = "poll_points_limits_unusable"
    field = "max_points"


class FieldLimitUnusable(Invalid):
    code = "poll_field_limit_unusable"
    field = "max_per_field"


class ElectoratesUnusable(Invalid):
    """Several electorates are residents and at least one other, each with a weight from 1 to ``most``."""

    code = "poll_electorates_unusable"
    field = "weight_residents"


class ElectoratesNotCounted(Invalid):
    """``rule`` looks at single ballots and can't weigh electorates."""

    code = "poll_electorates_not_counted"
    field = "counting_rule"


class CountingChoiceUnusable(Invalid):
    """A number of the counting rule, named by ``field``, is below 1."""

    code = "poll_counting_choice_unusable"


class IncrementTooSmall(Invalid):
    """With so few on the roll the shares would grow for thousands of runs: ``least``, in the smallest unit, will do."""

    code = "poll_increment_too_small"
    field = "increment_amount"


class EnvelopesUnusable(Invalid):
    """The parts are below zero or together above the envelope."""

    code = "poll_envelopes_unusable"
    field = "envelopes"


class EnvelopeWithoutOptions(Invalid):
    """``key`` is a district or field of which nothing stands on the ballot."""

    code = "poll_envelope_without_options"


class OptionAbovePart(Invalid):
    """``option`` costs more than the part of the envelope that it belongs to."""

    code = "poll_option_above_part"
    field = "envelopes"


class RivalsInSeveralParts(Invalid):
    """``options`` exclude each other, but belong to parts of the envelope that are counted apart."""

    code = "poll_rivals_in_several_parts"
    field = "envelopes"


class IncompatibleUnknown(Invalid):
    """``option`` is named as excluding another, but is not on the ballot."""

    code = "poll_incompatible_unknown"


class BallotCannotBeFilled(Invalid):
    """Somebody is offered less than the ballot asks for: ``offered`` of ``fewest``."""

    code = "poll_ballot_cannot_be_filled"


class ElectorateTooSmall(Conflict):
    """``found`` people vote in ``electorate``, fewer than ``fewest``: what they choose could be computed."""

    code = "poll_electorate_too_small"


class DistrictTooSmall(Conflict):
    """``found`` people are offered the options of ``district``, fewer than ``fewest``."""

    code = "poll_district_too_small"


class ElectorateUnknown(NotFound):
    code = "poll_electorate_unknown"


class ElectorUnknown(Invalid):
    """No account has the address ``address``."""

    code = "poll_elector_unknown"
    field = "addresses"


class ElectorInTwo(Invalid):
    """``name`` is named for another electorate already."""

    code = "poll_elector_in_two"
    field = "addresses"
