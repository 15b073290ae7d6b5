"""Two workers at one outbox, on PostgreSQL, where both really run at once."""

import threading

import pytest
from flask import Flask

from civicvote.db import unit_of_work
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, take_mail


@pytest.mark.postgres
def test_a_second_worker_takes_the_next_mail_without_waiting_for_the_first(app_with_connections: Flask) -> None:
    app = app_with_connections
    with app.app_context(), unit_of_work():
        for name in ("first", "second"):
            enqueue_mail(address=f"{name}@example.org", locale="ko", kind=NotificationKind.NO_ACCOUNT, params={})
    taken: list[str] = []
    holds, done = threading.Event(), threading.Event()

    def slow_worker() -> None:
        with app.app_context(), unit_of_work():
            mail = take_mail()
            assert mail is not None
            taken.append(mail.address)
            holds.set()
            done.wait(timeout=5)

    worker = threading.Thread(target=slow_worker)
    worker.start()
    assert holds.wait(timeout=10)
    with app.app_context(), unit_of_work():
        mail = take_mail()
    still_holding = worker.is_alive()
    done.set()
    worker.join(timeout=10)
    assert still_holding
    assert mail is not None
    assert [*taken, mail.address] == ["first@example.org", "second@example.org"]
