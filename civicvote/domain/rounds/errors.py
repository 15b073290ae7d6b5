"""What rounds refuse. Phases and moments in ``params`` become words in ``civicvote.web.messages``."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class UnknownRound(NotFound):
    code = "unknown_round"


class PhaseClosed(Conflict):
    """It was open in ``phase`` and closed at ``closed_at``; the classes below say the other ways of not being open."""

    code = "phase_closed"


class NotOpenYet(PhaseClosed):
    """It opens with ``phase`` at ``opens_at``."""

    code = "not_open_yet"


class NeverOpen(PhaseClosed):
    """No phase of this round opens it."""

    code = "never_open"


class RoundNotAnnounced(PhaseClosed):
    code = "round_not_announced"


class RoundAlreadyAnnounced(Conflict):
    """Its rules and dates were promised to residents; only the end of a phase can still move, to later."""

    code = "round_already_announced"


class NoPhases(Invalid):
    code = "no_phases"


class PhaseWithoutEnd(Invalid):
    """``phase`` has only one of its two times."""

    code = "phase_half_dated"


class PhaseEndsBeforeStart(Invalid):
    code = "phase_ends_before_start"


class PhasesOverlap(Invalid):
    """``phase`` starts before ``earlier``, which comes before it, has ended."""

    code = "phases_overlap"


class PhaseNeedsAnother(Invalid):
    """``phase`` works with what ``needed`` makes, and the round leaves that out."""

    code = "phase_needs_another"


class RulesUnusable(Invalid):
    """``rule`` is unknown or its value lies outside ``lowest``–``highest``."""

    code = "rules_unusable"


class EnvelopeNegative(Invalid):
    code = "envelope_negative"


class FieldTwice(Invalid):
    """Two fields of the round have the same ``name``."""

    code = "field_twice"


class FieldNameTooLong(Invalid):
    """A name has more than ``limit`` characters."""

    code = "field_name_too_long"


class NoFields(Invalid):
    code = "no_fields"


class PhaseNotExtended(Invalid):
    """The new end is not later than the old one (``ends_at``)."""

    code = "phase_not_extended"


class PhaseAlreadyOver(Conflict):
    """What closed with the phase, a poll for instance, can't be opened again."""

    code = "phase_already_over"


class ReasonMissing(Invalid):
    code = "reason_missing"


class RoundIncomplete(Invalid):
    """The round can't be announced before its list of open points is empty."""

    code = "round_incomplete"


class RoundStartsInThePast(Invalid):
    code = "round_starts_in_the_past"


class LadderNotRising(Invalid):
    """A step of the endorsement ladder needs no more than the one below it (``below`` endorsements)."""

    code = "ladder_not_rising"
