"""Two tables of a round at the same moment, on PostgreSQL, where both really are taken in at once."""

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services_importing import keep_checked_table, take_in_proposals
from civicvote.domain.proposals.tables.rows import ImportRow, ImportTable
from civicvote.kernel.permissions import Role
from tests.factories.at_once import at_once
from tests.factories.people import actor_for, make_officer
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY

pytestmark = pytest.mark.postgres
RACES = 4


def test_the_same_table_taken_in_twice_at_once_posts_each_title_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            round_ = make_round(make_region())
            clerk = actor_for(make_officer(round_.region_id, Role.CLERK))
            rows = [_row(line) for line in range(2, 12)]
            table = ImportTable(rows=rows, refused=[])
            kept = [
                keep_checked_table(actor=clerk, round=round_, table=table, source="원탁회의", file_name="가.csv").id
                for _each in range(2)
            ]
            region_id, round_id = round_.region_id, round_.id
        taking = (
            partial(take_in_proposals, actor=clerk, region_id=region_id, import_id=import_id) for import_id in kept
        )
        assert [type(error).__name__ for error in at_once(app, *taking)] == ["ImportWithoutRows"]
        with app.app_context():
            titles = db.session.scalars(sa.select(Proposal.title).where(Proposal.round_id == round_id)).all()
            assert len(titles) == len(set(titles)) == 10


def _row(line: int) -> ImportRow:
    return ImportRow(line, f"골목에 가로등을 {line}개 더", SUMMARY, BODY, "safety")
