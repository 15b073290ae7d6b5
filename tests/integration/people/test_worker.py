"""The periodic tasks, run as the worker runs them but without waiting for the minute."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from huey import SqliteHuey
from sqlalchemy.orm import Session

from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail
from civicvote.jobs.queue import make_queue
from civicvote.jobs.tasks import register_tasks
from civicvote.web.settings import settings


@pytest.mark.usefixtures("session")
def test_each_minute_mail_leaves_and_rounds_move_along(app: Flask, session: Session, tmp_path: Path) -> None:
    enqueue_mail(address="a@example.org", locale="ko", kind=NotificationKind.NO_ACCOUNT, params={})
    session.commit()
    here = replace(settings(), instance_path=tmp_path, mail_path=tmp_path / "mail", key_path=tmp_path / "keys")
    queue = make_queue(here)
    assert isinstance(queue, SqliteHuey)
    register_tasks(queue, app, here)
    plain, fifth, seventh, night = (datetime(2026, 6, 15, *at, tzinfo=UTC) for at in ((3, 4), (3, 5), (3, 7), (18, 15)))
    each_minute = {"deliver-mail", "advance-phases", "compare-outcomes"}
    names = {at: {task.name for task in queue.read_periodic(at)} for at in (plain, fifth, seventh, night)}
    assert names == {
        plain: each_minute,
        fifth: each_minute | {"opinion-maps", "keep-index", "ballot-drafts"},
        seventh: each_minute | {"publish-heads"},
        night: each_minute | {"opinion-maps", "keep-index", "ballot-drafts", "retention"},
    }
    for task in queue.read_periodic(plain):
        task.execute()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    queue.storage.close()
