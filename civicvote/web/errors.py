"""Errors for people: every refusal and failure becomes a page (or, for htmx, a notice) that says what to do."""

import sqlalchemy as sa
import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooManyTries
from civicvote.web.messages import sentence
from civicvote.web.transaction import note_refusal

log = structlog.get_logger("civicvote.error")

_STATUS: list[tuple[type[Refusal], int]] = [
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (TooManyTries, 429),
    (Invalid, 422),
]


def error_page(status: int, message: str | None = None) -> Response:
    """The page for a status. ``message`` replaces its general sentence; htmx takes the report out of the page."""
    return make_response(render_template("errors/error.html", code=status, what=message), status)


def _refused(refusal: Refusal) -> Response:
    note_refusal(refusal)
    status = next((code for kind, code in _STATUS if isinstance(refusal, kind)), 422)
    return error_page(status, sentence(refusal))


def _http_error(error: HTTPException) -> Response:
    response = error_page(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _too_large(_error: RequestEntityTooLarge) -> Response:
    limit = max(1, (request.max_content_length or 0) // 1024**2)
    return error_page(413, _("This page takes at most %(limit)s MB at once, text and files together.", limit=limit))


def _forged(error: CSRFError) -> Response:
    return error_page(400, _("This form waited too long. Go back, load the page again and send it once more."))


def _database_down(error: sa.exc.OperationalError) -> Response:
    log.error("database", error=type(error.orig).__name__ if error.orig else "OperationalError")
    response = error_page(503)
    response.headers["Retry-After"] = "10"
    return response


def _failed(error: InternalServerError) -> Response:
    original = error.original_exception
    if isinstance(original, (sa.exc.OperationalError, sa.exc.TimeoutError)):
        return _database_down(sa.exc.OperationalError("", {}, original))
    log.error("unexpected", exc_info=original)
    return error_page(500)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(InternalServerError, _failed)
    app.register_error_handler(sa.exc.OperationalError, _database_down)
    app.register_error_handler(sa.exc.TimeoutError, _database_down)
    app.register_error_handler(HTTPException, _http_error)
