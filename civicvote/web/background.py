"""Work that no answer waits for and that no queue may hold: done by this process, once the request has committed.

Ballots are counted with a key that keyholders have joined in the memory of this process. Everything that needs no such
secret belongs to the worker (``civicvote.jobs``). The process ends only after the work does; where it is killed, the
work is undone with its transaction.
"""

from collections.abc import Callable
from threading import Thread

from flask import Flask, Response, current_app, g

THREAD = "civicvote background"
_EXTENSION = "civicvote.background"
Work = Callable[[], object]


def after_commit(work: Work) -> None:
    """Do ``work`` in an application context of its own, if this request commits."""
    g.setdefault("work_after_commit", []).append(work)


def in_threads(app: Flask) -> None:
    """Begin each work in a thread and let the answer go."""

    def begin(work: Work) -> None:
        Thread(target=_do, args=(app, work), name=THREAD).start()

    app.extensions[_EXTENSION] = begin


def in_line(app: Flask) -> None:
    """Do each work before the answer goes: tests share one connection, and want to see what came of it."""
    app.extensions[_EXTENSION] = lambda work: _do(app, work)


def _do(app: Flask, work: Work) -> None:
    with app.app_context():
        work()


def _begin(response: Response) -> Response:
    waiting: list[Work] = g.pop("work_after_commit", [])
    if response.status_code < 400:
        for work in waiting:
            current_app.extensions[_EXTENSION](work)
    return response


def init_app(app: Flask) -> None:
    """Just before ``transaction``: what is registered later runs earlier after a request, so that commits first."""
    app.after_request(_begin)
    if app.testing:
        in_line(app)
    else:
        in_threads(app)
