"""The worker makes the index anew after an upgrade: once, by itself, again where it was interrupted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, reading, unit_of_work
from civicvote.domain.findable.matching import Scope
from civicvote.domain.findable.models import Findable, FindableFormat
from civicvote.domain.findable.services import FORMAT
from civicvote.domain.proposals.models import Proposal, ProposalMark
from civicvote.domain.search.queries import find
from civicvote.domain.search.services import reindex_after_upgrade
from civicvote.kernel import clock
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal


@pytest.fixture
def proposal(session: Any) -> Proposal:
    """One that stood there before the upgrade: nothing finds it yet."""
    made = make_proposal(make_round(make_region()), title="느티나무 그늘 쉼터")
    for table in (Findable, ProposalMark, FindableFormat):
        db.session.execute(sa.delete(table))
    db.session.commit()
    return made


@pytest.fixture
def run(app: Flask) -> Callable[[], bool]:
    """The job, as the worker runs it."""
    return lambda: reindex_after_upgrade(reading=reading, unit=unit_of_work)


def _is_found(proposal: Proposal) -> bool:
    return bool(find("느티나무", Scope(proposal.region_id)).ranked)


def test_what_stood_there_before_an_upgrade_is_found_after_one_run(
    proposal: Proposal, run: Callable[[], bool], count_queries: Any
) -> None:
    assert not _is_found(proposal)
    assert run()
    assert _is_found(proposal)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalMark)) > 0
    with count_queries() as queries:
        assert not run()
    assert len(queries) == 1, queries


def test_an_index_of_another_format_is_made_anew(proposal: Proposal, run: Callable[[], bool]) -> None:
    db.session.add(FindableFormat(number=FORMAT - 1, made_at=clock.now()))
    db.session.commit()
    assert run()
    assert _is_found(proposal)
    assert list(db.session.scalars(sa.select(FindableFormat.number))) == [FORMAT]
    assert not run()


def test_a_database_without_anything_is_looked_through_once(session: Any, run: Callable[[], bool]) -> None:
    assert (run(), run()) == (True, False)


def test_what_was_interrupted_begins_anew(proposal: Proposal, run: Callable[[], bool]) -> None:
    began = 0

    @contextmanager
    def switched_off_after_two() -> Iterator[None]:
        nonlocal began
        began += 1
        if began > 2:
            raise KeyboardInterrupt
        with unit_of_work():
            yield

    with pytest.raises(KeyboardInterrupt):
        reindex_after_upgrade(reading=reading, unit=switched_off_after_two)
    assert run()
    assert _is_found(proposal)
