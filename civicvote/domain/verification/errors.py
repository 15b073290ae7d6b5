"""What verification refuses, beside what ``identity`` can't read."""

from civicvote.kernel.errors import Conflict, Invalid


class ClassNotAdmitted(Invalid):
    """By the region's rule this way of belonging is none."""

    code = "residency_class_not_admitted"
    field = "residency_class"


class AccountClosed(Conflict):
    """The account was closed; nobody can be verified with it."""

    code = "account_closed"
    field = "email"
