"""Requests that no page of this site makes: refused before anything reads names, texts or files from them."""

from flask import Flask, Response, abort, request
from flask_babel import gettext as _

LONGEST_QUERY = 16 * 1024
"""Bytes. The longest that a form of this site can ask for has a quarter of that."""


def _refuse_long_address() -> None:
    """In plain text: a page repeats its own address, for the other language."""
    if len(request.query_string) > LONGEST_QUERY:
        abort(Response(_("This address is too long."), 414, mimetype="text/plain"))


def _refuse_nul_in_address() -> None:
    """NUL is no character of any text here, and PostgreSQL refuses statements that hold one."""
    if "\0" in request.path or any("\0" in value for _, value in request.args.items(multi=True)):
        abort(400)


def _refuse_broken_form() -> None:
    """Parts without a name, and NUL, which no keyboard writes; other control characters are told beside their field."""
    if request.mimetype == "multipart/form-data" and None in {*request.form, *request.files}:
        abort(400)
    if any("\0" in value for _, value in request.form.items(multi=True)):
        abort(400)


def watch_addresses(app: Flask) -> None:
    """Before the doors, which look up the region that the address names."""
    app.before_request(_refuse_long_address)
    app.before_request(_refuse_nul_in_address)


def watch_forms(app: Flask) -> None:
    """After the doors, which say how large a body may be, and before the CSRF token is looked for."""
    app.before_request(_refuse_broken_form)
