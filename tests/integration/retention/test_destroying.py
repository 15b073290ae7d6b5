"""Each line of the retention table destroys exactly what is over, in small steps, as often as it is run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.cli.retention import retention_command
from civicvote.db import Base, unit_of_work
from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.domain.polls.models import RollEntry
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.models import CoAuthorInvitation
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.regions.models import Region
from civicvote.domain.retention.models import Destruction
from civicvote.domain.retention.periods import RETENTION, Fate, Kept, Line, comes_of_age
from civicvote.domain.retention.services import destroy_overdue
from civicvote.domain.uploads.store import Store
from civicvote.kernel import clock
from tests.factories.people import make_person
from tests.factories.polls import make_agenda_draft
from tests.integration.retention import rows

#: Ages are counted in days, everything else to the second.
MARGIN = {Kept.BIRTH_DATES: timedelta(days=1), Kept.GUARDIANS: timedelta(days=1)}


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Callable[..., dict[Kept, int]]:
    store = Store((tmp_path / "uploads").as_uri())

    def carry_out(*, at: datetime = rows.NOW, **values: Any) -> dict[Kept, int]:
        with clock.frozen_at(at):
            return {each.kept: each.count for each in destroy_overdue(store=store, **{"unit": unit_of_work, **values})}

    return carry_out


def identity(row: Base) -> Any:
    return sa.inspect(row).identity


def values_of(session: Session, kind: type[Base], key: Any) -> dict[str, Any] | None:
    """The row as it stands in the database; None where it is gone."""
    row = session.get(kind, key, populate_existing=True)
    return {each.key: getattr(row, each.key) for each in sa.inspect(kind).column_attrs} if row else None


def numbers(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name != "destructions"
    }


@pytest.mark.parametrize("line", RETENTION, ids=lambda line: line.kept.value)
def test_what_is_over_goes_and_what_is_not_yet_stays_as_it_is(
    session: Session, run: Callable[..., dict[Kept, int]], line: Line
) -> None:
    margin = MARGIN.get(line.kept, timedelta(seconds=1))
    over = rows.MAKERS[line.kept](rows.NOW - line.period - margin)
    young = rows.MAKERS[line.kept](rows.NOW - line.period + margin)
    session.commit()
    kind, over_key, young_key = type(over), identity(over), identity(young)
    before, old_row, young_row = (
        numbers(session),
        values_of(session, kind, over_key),
        values_of(session, kind, young_key),
    )
    assert old_row
    assert young_row

    count = run()[line.kept]

    after = numbers(session)
    left = values_of(session, kind, over_key)
    now_young = values_of(session, kind, young_key)
    assert now_young
    if line.kept is Kept.LINKS:  # a link that is not over yet has lost its payload, by the line before
        young_row["payload"] = {}
    if line.kept is Kept.CLASHES:
        young_row["claim"] = {}
    assert now_young == young_row
    if line.fate is Fate.DELETED:
        assert left is None
        changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        assert changed == ({line.table: -1} if line.kept is not Kept.DESTRUCTIONS else {})
    else:
        assert left
        assert all(left[name] in (None, "", {}) for name in line.fields)
        assert {name for name in left if left[name] != old_row[name]} <= set(line.fields)
        assert after == before
    assert count == 1


@pytest.mark.parametrize("line", RETENTION, ids=lambda line: line.kept.value)
def test_a_second_run_finds_nothing(session: Session, run: Callable[..., dict[Kept, int]], line: Line) -> None:
    rows.MAKERS[line.kept](rows.NOW - line.period - timedelta(days=2))
    session.commit()
    assert run()[line.kept] == 1
    assert run()[line.kept] == 0


def test_everything_goes_in_small_units_and_the_log_counts_what_went(
    session: Session, run: Callable[..., dict[Kept, int]], count_queries: Any
) -> None:
    for _ in range(25):
        rows.mail(rows.NOW - timedelta(days=31))
    session.commit()
    in_units: list[int] = []

    @contextmanager
    def counted_unit() -> Iterator[None]:
        left = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) or 0
        with unit_of_work():
            yield
        now_left = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) or 0
        in_units.append(left - now_left)

    with count_queries() as queries:
        assert run(batch=10, unit=counted_unit)[Kept.MAILS] == 25
    assert [number for number in in_units if number] == [10, 10, 5]
    assert not [query for query in queries if "outbox_messages.params" in query], "no row is loaded to be destroyed"
    logged = session.scalars(sa.select(Destruction).where(Destruction.kept == Kept.MAILS.value)).one()
    assert (logged.destroyed_count, logged.before_at) == (25, rows.NOW - timedelta(days=30))


def test_what_was_destroyed_before_a_failure_is_in_the_log(
    session: Session, run: Callable[..., dict[Kept, int]]
) -> None:
    for _ in range(25):
        rows.mail(rows.NOW - timedelta(days=31))
    session.commit()
    begun: list[int] = []

    class PulledPlugError(Exception):
        """The third unit of work never comes to its end."""

    @contextmanager
    def failing_unit() -> Iterator[None]:
        begun.append(1)
        with unit_of_work():
            yield
            if len(begun) == 3:
                raise PulledPlugError

    with pytest.raises(PulledPlugError):
        run(batch=10, unit=failing_unit)
    left = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    assert left == 5
    assert session.scalars(sa.select(Destruction.destroyed_count)).all() == [20]


def test_a_mail_that_never_went_out_is_given_up(session: Session, run: Callable[..., dict[Kept, int]]) -> None:
    mail = rows.mail(rows.NOW - timedelta(days=29))
    mail.sent_at, mail.created_at = None, rows.NOW - timedelta(days=31)
    session.commit()
    assert run()[Kept.MAILS] == 1


def test_a_session_that_was_ended_goes_before_it_would_have_run_out(
    session: Session, run: Callable[..., dict[Kept, int]]
) -> None:
    person = make_person()
    rows.session_of(person, expires_at=rows.NOW + timedelta(days=1), ended_at=rows.NOW - timedelta(days=31))
    running = rows.session_of(person, expires_at=rows.NOW + timedelta(days=1), ended_at=None).id
    session.commit()
    assert run()[Kept.SESSIONS] == 1
    assert session.scalars(sa.select(AccountSession.id)).all() == [running]


def test_a_used_sign_up_keeps_nothing_though_its_link_would_still_run(
    session: Session, run: Callable[..., dict[Kept, int]]
) -> None:
    link = rows.link(rows.NOW + timedelta(days=1), used_at=rows.NOW - timedelta(seconds=1))
    session.commit()
    assert run()[Kept.SIGN_UPS] == 1
    session.refresh(link)
    assert link.payload == {}


@pytest.mark.parametrize(
    "make",
    [
        lambda: rows.recovery_code(None),
        lambda: rows.authenticator(rows.NOW - rows.LONG, confirmed_at=rows.NOW - rows.LONG),
        lambda: rows.clash(None),
        lambda: rows.cast_record(None),
        lambda: rows.identity_mark(None),
    ],
    ids=["unused code", "confirmed authenticator", "undecided clash", "open vote", "open account"],
)
def test_what_is_still_in_use_stays_however_old_it_is(
    session: Session, run: Callable[..., dict[Kept, int]], make: Callable[[], Base]
) -> None:
    row = make()
    session.commit()
    kind, key = type(row), identity(row)
    before = values_of(session, kind, key)
    run()
    assert values_of(session, kind, key) == before


@pytest.mark.parametrize(
    ("closed_at", "stays"),
    [
        (None, True),
        (rows.NOW - timedelta(days=364), True),
        (rows.NOW - timedelta(days=366), False),
    ],
    ids=["still open", "closed lately", "closed long ago"],
)
def test_a_closed_accounts_mark_is_kept_against_double_voting_until_its_votes_are_long_over(
    session: Session, run: Callable[..., dict[Kept, int]], closed_at: datetime | None, stays: bool
) -> None:
    mark = rows.identity_mark(rows.NOW - rows.LONG)
    poll = make_agenda_draft(session.get_one(Region, mark.region_id))
    poll.state, poll.closed_at = (PollState.CLOSED if closed_at else PollState.FROZEN), closed_at
    session.add(
        RollEntry(region_id=mark.region_id, poll_id=poll.id, voter_id=mark.person_id, added_at=rows.NOW - rows.LONG)
    )
    session.commit()
    assert run()[Kept.IDENTITY_MARKS] == (0 if stays else 1)


def test_a_guardians_consent_stays_while_the_person_may_be_a_minor(
    session: Session, run: Callable[..., dict[Kept, int]]
) -> None:
    year = rows.NOW.year
    rows.consent_for(rows.residency(birth_year=year - 19))  # 18 or 19, nobody knows
    rows.consent_for(rows.residency())
    withdrawn = rows.consent_for(
        rows.residency(birth_year=year - 15), withdrawn_at=rows.NOW - timedelta(seconds=1)
    ).person_id
    of_age = rows.consent_for(rows.residency(birth_year=year - 20)).person_id
    closed = rows.consent_for(rows.residency())
    make_closed = session.get_one(type(make_person()), closed.person_id)
    make_closed.closed_at = rows.NOW - timedelta(days=1)
    gone = {withdrawn, of_age, closed.person_id}
    session.commit()
    assert run()[Kept.GUARDIANS] == 3
    left = set(session.scalars(sa.text("SELECT person_id FROM guardian_consents")))
    assert len(left) == 2
    assert not left & gone


@pytest.mark.parametrize(
    ("today", "born_on"),
    [
        (date(2026, 6, 15), date(2007, 6, 15)),
        (date(2028, 2, 29), date(2009, 2, 28)),
        (date(2027, 2, 28), date(2008, 2, 28)),
        (date(2027, 3, 1), date(2008, 3, 1)),
    ],
)
def test_the_day_on_which_one_comes_of_age(today: date, born_on: date) -> None:
    assert comes_of_age(today) == born_on


def test_whoever_is_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    leap_day = date(2008, 2, 29)
    assert comes_of_age(date(2027, 2, 28)) < leap_day <= comes_of_age(date(2027, 3, 1))


def test_the_command_says_what_it_did_line_by_line(app: Flask, session: Session) -> None:
    rows.mail(clock.now() - timedelta(days=31))
    session.commit()
    result = app.test_cli_runner().invoke(retention_command, ["run"])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "mails: 1"
    assert len(result.output.splitlines()) == len(RETENTION)


def test_a_declined_invitation_stays_so_that_nobody_is_asked_again(
    session: Session, run: Callable[..., dict[Kept, int]]
) -> None:
    invitation = rows.co_author_invitation(rows.NOW - timedelta(days=400))
    assert isinstance(invitation, CoAuthorInvitation)
    invitation.state = CoAuthorState.DECLINED
    session.commit()
    run()
    assert session.scalar(sa.select(sa.func.count()).select_from(CoAuthorInvitation)) == 1
