"""What verification refuses, beside what ``identity`` can't read."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ClassNotAdmitted(Invalid):
    """By the region's rule this way of belonging is none."""

    code = "residency_class_not_admitted"
    field = "residency_class"


class AccountClosed(Conflict):
    """The account was closed; nobody can be verified with it."""

    code = "account_closed"
    field = "email"


class SelfDeclarationNotEnough(Invalid):
    """The region's rule asks for more than the person's own word."""

    code = "self_declaration_not_enough"
    field = "residency_class"


class AlreadyConfirmed(Conflict):
    """What the person declares is confirmed already; corrections are made at the desk."""

    code = "already_confirmed"


class MonthsUnusable(Invalid):
    """A residency is valid from 1 to ``most`` months, or for good."""

    code = "months_unusable"
    field = "valid_months"


class AgesUnusable(Invalid):
    """Not ``youngest`` ≤ age ≤ ``oldest``."""

    code = "ages_unusable"
    field = "minimum_age"


class UnknownRule(NotFound):
    code = "unknown_rule"


class UnknownClash(NotFound):
    code = "unknown_clash"


class NoMinor(Invalid):
    """A guardian's consent is for confirmed residents below the region's age for it."""

    code = "no_minor"
    field = "email"


class ConsentNotStanding(Conflict):
    code = "consent_not_standing"


class GuardianMissing(Invalid):
    code = "guardian_missing"


class ClashAlreadyDecided(Conflict):
    code = "clash_already_decided"


class OwnClash(Forbidden):
    """Nobody decides about an account of their own."""

    code = "own_clash"


class ClashReasonMissing(Invalid):
    code = "clash_reason_missing"
    field = "reason"


class NamesakeImpossible(Invalid):
    """A provider's identifier belongs to one person; two people never share it."""

    code = "namesake_impossible"
    field = "decision"
