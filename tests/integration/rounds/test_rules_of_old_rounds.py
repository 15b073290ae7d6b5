"""What migration 0004 does to rules: announced rounds stay as they were announced, drafts get the new defaults."""

from importlib import util
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.proposals.ladder import rungs_of
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.states import RoundState
from tests.architecture.sources import ROOT
from tests.factories.places import make_region, make_round


@pytest.fixture(scope="module")
def migration() -> ModuleType:
    path = ROOT / "migrations" / "versions" / "0004_proposals_and_deliberation.py"
    spec = util.spec_from_file_location("migration_0004", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_announced_rounds_get_no_ladder_drafts_get_one_and_back_again(session: Session, migration: ModuleType) -> None:
    region = make_region()
    announced, draft = make_round(region), make_round(region)
    announced.rules = {"proposals_per_person": 7}
    draft.rules, draft.state = {"proposals_per_person": 8}, RoundState.DRAFT
    db.session.flush()
    migration._leave_announced_rules(db.session.connection())
    db.session.expire_all()
    assert rungs_of(RoundRules.from_json(announced.rules)) == ()
    assert announced.rules["proposals_per_person"] == 7
    assert len(rungs_of(RoundRules.from_json(draft.rules))) == 3
    migration._forget_ladders(db.session.connection())
    db.session.expire_all()
    assert announced.rules == {"proposals_per_person": 7}
    assert draft.rules == {"proposals_per_person": 8}
