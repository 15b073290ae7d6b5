"""Acts that meet: each in a thread and a unit of work of its own, all let go at the same moment."""

import threading
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work


def at_once(app: Flask, *acts: Callable[[], object]) -> list[Exception]:
    """Run the acts in parallel; the errors they ended with. Fails where they wait for each other."""
    errors: list[Exception] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            try:
                with unit_of_work():
                    act()
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive(), "waiting for each other"
    return errors
