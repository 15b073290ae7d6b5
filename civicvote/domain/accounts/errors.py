"""What accounts, residencies and roles refuse."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class WrongCredentials(Invalid):
    """The address or the password is wrong; which of them, nobody is told."""

    code = "wrong_credentials"


class WrongPassword(Invalid):
    """The password of the person who is signed in, asked for again, is not theirs."""

    code = "wrong_password"
    field = "current_password"


class SignInNotFresh(Invalid):
    """An account without a password proves itself by a sign-in of the last minutes, and this one is older."""

    code = "sign_in_not_fresh"


class LinkUnusable(NotFound):
    """A link from a mail was used, is too old, or was never ours. Which of them, nobody is told."""

    code = "link_unusable"


class SameAddress(Invalid):
    """The new mail address is the one that the account has."""

    code = "same_address"
    field = "email"


class SessionGone(NotFound):
    """The session to be ended is no open session of this person."""

    code = "session_gone"


class NameNotUsable(Invalid):
    """A shown name is empty or holds nothing that can be read."""

    code = "name_not_usable"
    field = "display_name"


class UnknownAccount(Invalid):
    """No account has this address. Told to clerks and administrators only."""

    code = "unknown_account"
    field = "email"


class OwnResidency(Forbidden):
    """A clerk confirms other people's residency, never their own."""

    code = "own_residency"


class OwnRole(Invalid):
    """Nobody grants a role to themselves."""

    code = "own_role"
    field = "email"


class DepartmentMissing(Invalid):
    """A reviewer works for a department."""

    code = "department_missing"
    field = "department"


class InstitutionMissing(Invalid):
    """A representative speaks for an institution."""

    code = "institution_missing"
    field = "institution"


class UnknownInstitution(Invalid):
    """The institution takes no part in the region."""

    code = "unknown_institution"
    field = "institution"


class RoleAlreadyHeld(Conflict):
    code = "role_already_held"
    field = "role"


class RoleNotHeld(Conflict):
    code = "role_not_held"


class LastAdministrator(Conflict):
    """A region without an administrator could never get one again."""

    code = "last_administrator"
