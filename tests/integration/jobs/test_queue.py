"""The queue on both of its stores: what is put in one process is taken in another."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from civicvote.jobs.queue import make_queue
from tests.conftest import make_settings, service_missing

REDIS = os.environ.get("CIVICVOTE_TEST_REDIS", "redis://127.0.0.1:6379/9")


@pytest.fixture(params=["sqlite", "redis"])
def redis_url(request: pytest.FixtureRequest) -> str:
    """Empty for the SQLite file."""
    if request.param == "sqlite":
        return ""
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.exceptions.ConnectionError:
        service_missing("no Redis at CIVICVOTE_TEST_REDIS")
    return REDIS


def test_a_job_waits_until_a_worker_takes_it_once(tmp_path: Path, redis_url: str) -> None:
    settings = replace(make_settings(tmp_path, "sqlite://"), redis_url=redis_url)
    done: list[str] = []
    queue = make_queue(settings)
    queue.flush()
    queue.task(name="note")(done.append)("a")
    assert queue.pending_count() == 1

    worker = make_queue(settings)
    worker.task(name="note")(done.append)
    job = worker.dequeue()
    assert job is not None
    worker.execute(job)
    assert done == ["a"]
    assert worker.dequeue() is None
