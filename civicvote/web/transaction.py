"""One transaction a request, and the one place where requests commit.

An unsafe request that ends in 2xx or 3xx commits; everything else rolls back, so a refusal leaves nothing behind. The
answer leaves only after the commit. A safe request never writes.
"""

from flask import Flask, Response, request

from civicvote.db import db, intends_to_write

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def begin_writing() -> None:
    """From here on the request's transaction is a writing one, if its method is unsafe. Runs after the doors."""
    intends_to_write.set(request.method not in SAFE_METHODS)


def _finish(response: Response) -> Response:
    if request.method not in SAFE_METHODS and response.status_code < 400:
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
