"""Domain refusals: one class per broken rule, translated for people by ``civicvote.web.messages``.

A refusal carries a stable ``code``, the form field it belongs to (if any) and the values its sentence
needs. It never carries a sentence: the domain does not know in which language it is read.
"""

from typing import ClassVar


class Refusal(Exception):
    """A rule says no. ``code`` names the rule; ``field`` the input it concerns; ``params`` fill the sentence."""

    code: ClassVar[str] = "refused"
    #: What the service wrote before it refused (a counter, an audit entry, nothing else) stays: the refusal commits.
    #: Only endpoints that the access table names may do so.
    is_recorded: ClassVar[bool] = False
    field: str | None = None

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        super().__init__(self.code)
        if field is not None:
            self.field = field
        self.params = params


class Invalid(Refusal):
    """The input breaks a rule; the person can correct it (422)."""

    code = "invalid"


class Forbidden(Refusal):
    """This actor may not do this (403)."""

    code = "forbidden"


class NotFound(Refusal):
    """There is no such thing, or this actor may not know of it (404)."""

    code = "not_found"


class TooManyTries(Refusal):
    """Tried too often for now (429); ``again_at`` is when it may be tried again."""

    code = "too_many_tries"


class Conflict(Refusal):
    """The thing is no longer in the state the request assumed (409)."""

    code = "conflict"
