"""One transaction a request, and the one place where requests commit.

An unsafe request that ends in 2xx or 3xx commits; everything else rolls back, so a refusal leaves nothing behind. The
answer leaves only after the commit. A safe request never writes. The access table names the two kinds of exception: a
refusal whose counter must stay, and the identity provider's callback, a GET that writes.
"""

from flask import Flask, Response, g, request

from civicvote.db import db, intends_to_write
from civicvote.kernel.errors import Refusal
from civicvote.web.access_table import ACCESS
from civicvote.web.audiences import Access

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def may_write() -> bool:
    """Whether this request's method, or the access table, lets it write."""
    access = _access()
    return request.method not in SAFE_METHODS or (access is not None and access.writes_safely)


def note_refusal(refusal: Refusal) -> None:
    """Remember a refusal that is to leave its record. Both ways by which refusals become answers call this."""
    if refusal.is_recorded:
        access = _access()
        assert access, "a refusal comes from an endpoint"
        assert access.records_refusals, f"{request.endpoint} may not record refusals"
        g.refusal_is_recorded = True


def _access() -> Access | None:
    return ACCESS.get(request.endpoint) if request.endpoint else None


def begin_writing() -> None:
    """From here on the request's transaction is a writing one, if it may write. Runs after the doors."""
    intends_to_write.set(may_write())


def _finish(response: Response) -> Response:
    if may_write() and (response.status_code < 400 or g.get("refusal_is_recorded", False)):
        db.session.commit()
    else:
        db.session.rollback()
    return response


def _forget_intention(_error: BaseException | None) -> None:
    intends_to_write.set(False)


def init_app(app: Flask) -> None:
    app.before_request(begin_writing)
    app.after_request(_finish)
    app.teardown_request(_forget_intention)
