"""What polls refuse. What a single ballot may not say is refused by ``tally.ballot_rules``."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownPoll(NotFound):
    code = "unknown_poll"


class PollNotOpenYet(Conflict):
    """It opens at ``opens_at``."""

    code = "poll_not_open_yet"


class PollClosed(Conflict):
    """It closed at ``closed_at``; the ballot was not taken."""

    code = "poll_closed"


class NotOnRoll(Forbidden):
    """By the roll's rule this person may not vote here; the vote's page says why."""

    code = "not_on_roll"


class IdempotencyKeyUnusable(Invalid):
    code = "idempotency_key_unusable"


class IdempotencyKeyReused(Conflict):
    """The key came with another request before; a new ballot needs a new key."""

    code = "idempotency_key_reused"


class PollAlreadyFrozen(Conflict):
    """Rules and options were promised to voters; nobody changes them any more."""

    code = "poll_already_frozen"


class PollNotFrozen(Conflict):
    code = "poll_not_frozen"


class TooFewOptions(Invalid):
    code = "poll_too_few_options"


class OptionKeyTaken(Invalid):
    """``option`` is on the ballot already."""

    code = "poll_option_key_taken"


class OptionAboveEnvelope(Invalid):
    """``option`` costs more than there is, so it could never win."""

    code = "poll_option_above_envelope"


class EnvelopeMissing(Invalid):
    code = "poll_envelope_missing"
    field = "envelope_amount"


class RuleDoesNotFitKind(Invalid):
    """An agenda poll fills seats, a budget poll divides an envelope."""

    code = "poll_rule_does_not_fit"
    field = "counting_rule"


class SeatsMissing(Invalid):
    code = "poll_seats_missing"
    field = "seats"


class ChoiceLimitsUnusable(Invalid):
    """Not 1 ≤ fewest ≤ most."""

    code = "poll_choice_limits_unusable"
    field = "max_choices"


class MinimumAgeUnusable(Invalid):
    """Above ``oldest`` nobody's day of birth is known."""

    code = "poll_minimum_age_unusable"
    field = "minimum_age"


class PollEndsBeforeItStarts(Invalid):
    code = "poll_ends_before_it_starts"
    field = "closes_at"


class PollOutsidePhase(Invalid):
    """Opening and closing must lie within ``phase`` (``starts_at`` to ``ends_at``)."""

    code = "poll_outside_phase"


class PollPhaseMissing(Conflict):
    """The round has no ``phase``, in which this poll could be open."""

    code = "poll_phase_missing"


class PollAlreadyOver(Invalid):
    """Its closing time has passed, so nobody could vote."""

    code = "poll_already_over"
    field = "closes_at"


class TrialBallotFailed(Conflict):
    """A ballot sealed for trial did not come back; the key pair is of no use and the poll stays a draft."""

    code = "poll_trial_ballot_failed"


class KeyFolderUnusable(Conflict):
    """The folder for key files can't be written."""

    code = "poll_key_folder_unusable"


class KeyMissing(Conflict):
    """Without the key file nobody can open the ballots."""

    code = "poll_key_missing"


class SealBroken(Conflict):
    """The envelope of ``receipt`` can't be opened, is not what the receipt says, or holds no ballot of this poll."""

    code = "poll_seal_broken"


class StillOpen(Conflict):
    """The poll is open until ``closes_at``; only an officer closes it earlier, with a reason."""

    code = "poll_still_open"
    field = "reason"


class PollNotExtended(Invalid):
    """The new time is not later than ``closes_at``, the one now."""

    code = "poll_not_extended"
    field = "closes_at"


class NotClosed(Conflict):
    code = "poll_not_closed"


class CountUnderWay(Conflict):
    """Somebody asked for the count a moment ago, and it has not ended."""

    code = "poll_count_under_way"


class CountBrokeOff(Conflict):
    """The count ended without an outcome and without a rule that refused it: a fault, or a server that went down."""

    code = "poll_count_broke_off"


class NotCounted(Conflict):
    code = "poll_not_counted"


class OptionGone(Conflict):
    """The proposal behind ``option`` was merged, hidden or withdrawn since it was put on the draft."""

    code = "poll_option_gone"


class AlreadyPublished(Conflict):
    code = "poll_already_published"


class CountsDoNotAddUp(Conflict):
    """``what`` is off: ``expected`` against ``found``. Nothing is published before it is explained."""

    code = "poll_counts_do_not_add_up"


class RecountDiffers(Conflict):
    """Counting the stored ballots again gives something else than the stored outcome."""

    code = "poll_recount_differs"


class ElectionAlreadyImported(Conflict):
    """The same file is there already, as poll ``poll_id`` of region ``slug``."""

    code = "election_already_imported"


class ElectionUnusable(Invalid):
    """The file is sound, but holds something that can't be stored: ``what``, in ``line`` (0: no line of its own)."""

    code = "election_unusable"


class OutcomeNotPublished(NotFound):
    code = "outcome_not_published"
