"""The site, built carelessly on purpose, for the rehearsal to find. Each is the whole application but for one view."""

import os
import queue
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.app import create_app
from civicvote.db import unit_of_work
from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.domain.polls.services import cast_ballot
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import see_other
from civicvote.web.scope import current_region

_COMMITS_EVERY_SECONDS = 0.05
_MOST_GATHERED = 16


def answers_first() -> Flask:
    """Thanks the voter at once and commits what has gathered, a few ballots at a time: fast, until something dies."""
    app, gathered = create_app(), queue.Queue[dict[str, Any]](_MOST_GATHERED)

    def write() -> None:
        while True:
            time.sleep(_COMMITS_EVERY_SECONDS)
            with app.app_context(), unit_of_work():
                for _ in range(gathered.qsize()):
                    cast_ballot(**gathered.get())

    # A thread of the process that workers are forked from would not come along.
    os.register_at_fork(after_in_child=lambda: threading.Thread(target=write, daemon=True).start())
    return _with_cast(app, gathered.put)


def forgets_keys() -> Flask:
    """Takes every request for a new ballot, so that a late copy of an old one puts it back into the box."""
    return _with_cast(
        create_app(), lambda ballot: cast_ballot(**ballot | {"idempotency_key": secrets.token_urlsafe(24)})
    )


def _with_cast(app: Flask, take: Callable[[dict[str, Any]], object]) -> Flask:
    def cast(slug: str, poll_id: int) -> ResponseReturnValue:
        ballot = {
            "actor": signed_in_actor(),
            "region_id": current_region().id,
            "poll_id": poll_id,
            "choices": request.form.getlist("choices"),
            "idempotency_key": request.form["idempotency_key"],
            "mac_key": mac_key_from(current_app.config["SECRET_KEY"]),
        }
        take(ballot)
        return see_other(url_for("polls.receipt", slug=slug, poll_id=poll_id))

    app.view_functions["polls.cast"] = cast
    return app
