"""Bodies that are no form: refused before anything reads names or files from them."""

from flask import Flask, abort, request


def _refuse_nameless_parts() -> None:
    """A part of a multipart body without a name is nothing that a form sends, and no reader of forms expects it."""
    if request.mimetype == "multipart/form-data" and None in {*request.form, *request.files}:
        abort(400)


def init_app(app: Flask) -> None:
    """After the doors, which say how large a body may be, and before the CSRF token is looked for."""
    app.before_request(_refuse_nameless_parts)
