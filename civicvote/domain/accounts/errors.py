"""What accounts, residencies and roles refuse."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid


class WrongCredentials(Invalid):
    """The address or the password is wrong; which of them, nobody is told."""

    code = "wrong_credentials"


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


class RoleAlreadyHeld(Conflict):
    code = "role_already_held"
    field = "role"


class RoleNotHeld(Conflict):
    code = "role_not_held"


class LastAdministrator(Conflict):
    """A region without an administrator could never get one again."""

    code = "last_administrator"
