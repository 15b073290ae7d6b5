"""The periodic tasks, run as the worker runs them but without waiting for the minute."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from huey import SqliteHuey
from sqlalchemy.orm import Session

from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail
from civicvote.jobs.queue import make_queue
from civicvote.jobs.tasks import register_tasks
from civicvote.kernel import clock
from civicvote.web.settings import settings


@pytest.mark.usefixtures("session")
def test_each_minute_mail_leaves_and_rounds_move_along(app: Flask, session: Session, tmp_path: Path) -> None:
    enqueue_mail(address="a@example.org", locale="ko", kind=NotificationKind.NO_ACCOUNT, params={})
    session.commit()
    here = replace(settings(), instance_path=tmp_path, mail_path=tmp_path / "mail", key_path=tmp_path / "keys")
    queue = make_queue(here)
    assert isinstance(queue, SqliteHuey)
    register_tasks(queue, app, here)
    due = queue.read_periodic(clock.now())
    assert {task.name for task in due} == {"deliver-mail", "advance-phases"}
    for task in due:
        task.execute()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    queue.storage.close()
