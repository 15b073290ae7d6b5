"""The seal of each Korean day that is over."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from huey import Huey, MemoryHuey
from sqlalchemy.orm import Session

from civicvote.domain.audit.heads import Head, HeadsUnreadable, read_heads, write_heads
from civicvote.domain.audit.models import AuditDayHead
from civicvote.domain.audit.queries import all_published_heads
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.audit.services import record
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.regions.models import Region
from civicvote.domain.retention.models import Destruction
from civicvote.jobs.tasks import register_tasks
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.web.settings import settings
from tests.factories.places import make_region


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 as Korean clocks show it."""
    return datetime(2026, 3, day, hour, minute, tzinfo=CIVIC_ZONE)


def act(region: Region, moment: datetime) -> str:
    with clock.frozen_at(moment):
        return record(region_id=region.id, actor_id=1, verb="role:grant", subject="person:1").entry_hash


def publish(region: Region, moment: datetime) -> int:
    with clock.frozen_at(moment):
        return publish_heads(region_id=region.id)


def heads(region: Region) -> list[Head]:
    return all_published_heads(region.id)


@pytest.mark.usefixtures("session")
def test_a_day_is_closed_at_korean_midnight_with_its_last_entry() -> None:
    region = make_region()
    act(region, at(1, 9))
    last = act(region, at(1, 23, 59))  # still the first of March in Korea, and in UTC
    early = act(region, at(2, 0, 0))  # the second in Korea, the first in UTC
    assert publish(region, at(1, 23, 59)) == 0
    assert publish(region, at(2, 0, 1)) == 1
    assert heads(region) == [Head(date(2026, 3, 1), 2, last)]
    assert publish(region, at(3, 0, 1)) == 1
    assert heads(region)[-1] == Head(date(2026, 3, 2), 3, early)
    assert broken_links(region.id) == []


@pytest.mark.usefixtures("session")
def test_days_without_entries_repeat_the_head_so_that_none_is_missing() -> None:
    region = make_region()
    first = act(region, at(1, 9))
    later = act(region, at(4, 9))
    assert publish(region, at(7, 9)) == 6
    assert heads(region) == [Head(date(2026, 3, day), *((1, first) if day < 4 else (2, later))) for day in range(1, 7)]


@pytest.mark.usefixtures("session")
def test_a_region_without_entries_has_nothing_to_publish() -> None:
    assert publish(make_region(), at(7, 9)) == 0


@pytest.mark.usefixtures("session")
def test_publishing_late_or_twice_gives_the_same() -> None:
    """Whether the worker slept for a week or ran each hour: the heads are the same."""
    hourly, late = make_region(), make_region()
    for day in range(1, 6):
        for region in (hourly, late):
            act(region, at(day, 12))
        for hour in (1, 5, 23):
            publish(hourly, at(day, hour))
    publish(hourly, at(6, 1))
    assert publish(late, at(6, 1)) == 5
    assert publish(late, at(6, 2)) == 0
    assert [(head.day_on, head.sequence) for head in heads(hourly)] == [
        (head.day_on, head.sequence) for head in heads(late)
    ]


@pytest.mark.usefixtures("session")
def test_an_entry_whose_clock_went_backwards_belongs_to_the_day_of_the_one_before_it() -> None:
    region = make_region()
    act(region, at(1, 12))
    act(region, at(3, 0, 0))
    backwards = act(region, at(2, 23, 59))
    publish(region, at(4, 1))
    assert [(head.day_on.day, head.sequence) for head in heads(region)] == [(1, 1), (2, 1), (3, 3)]
    assert heads(region)[-1].entry_hash == backwards


def test_a_list_of_heads_is_read_as_it_was_written() -> None:
    kept = [Head(date(2026, 3, 1), 7, "ab" * 32), Head(date(2026, 3, 2), 7, "ab" * 32)]
    assert read_heads("# mine\n\n" + "".join(write_heads("gwangju", kept))) == {"gwangju": kept}


@pytest.mark.parametrize("text", ["gwangju 2026-03-01 7", "gwangju 2026-13-01 7 " + "a" * 64, "<html>"])
def test_something_else_is_no_list_of_heads(text: str) -> None:
    with pytest.raises(HeadsUnreadable):
        read_heads(text)


def carry_out(app: Flask, name: str) -> Huey:
    queue = MemoryHuey("civicvote-test", immediate=False, results=False)
    register_tasks(queue, app, settings())
    task = next(each for each in queue._registry.periodic_tasks if each.name == name)
    queue.execute(task)
    return queue


def test_the_worker_publishes_and_destroys_by_itself(app: Flask, session: Session) -> None:
    region = make_region()
    act(region, clock.now() - timedelta(days=2))
    session.commit()
    carry_out(app, "publish-heads")
    carry_out(app, "retention")
    count = sa.select(sa.func.count()).select_from(AuditDayHead).where(AuditDayHead.region_id == region.id)
    assert session.scalar(count) == 2
    assert session.scalar(sa.select(sa.func.count()).select_from(Destruction))
