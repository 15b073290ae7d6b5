"""htmx: the page and the fragment come from one template, and one place knows which of them was asked for."""

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template
from flask_htmx import HTMX
from werkzeug.wrappers import Response as BaseResponse

htmx = HTMX()


def wants_fragment() -> bool:
    """Whether htmx asked for a part of a page; boosted and history requests want the whole."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, /, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or for htmx its fragment, with the same context."""
    template = fragment if fragment and wants_fragment() else page
    return make_response(render_template(template, **context), status)


def see_other(address: str) -> BaseResponse:
    """Go on to ``address`` (of this site) after a form: 303, or for htmx a location that it loads as a whole page."""
    if wants_fragment():
        response = Response(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, code=303)


def init_app(app: Flask) -> None:
    htmx.init_app(app)

    @app.after_request
    def _vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response
