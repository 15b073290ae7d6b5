"""Elections of other places: stored exactly, counted as computed independently, refused twice."""

import hashlib
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls import choices as ballot_text
from civicvote.domain.polls import freezing
from civicvote.domain.polls.errors import ElectionAlreadyImported, ElectionUnusable
from civicvote.domain.polls.models import Poll, PollOption, RollEntry, UnsealedBallot
from civicvote.domain.polls.outcome_format import OutcomeRecord
from civicvote.domain.polls.queries import published_outcome, turnout_of
from civicvote.domain.polls.services import ImportedElection, import_election
from civicvote.domain.polls.states import Channel
from civicvote.domain.regions.models import Region
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.registry import TALLY_RULES
from tests.factories.places import make_region
from tests.real_data import real_files, require_real_data

FILES = real_files("pabulib/*.pb")
CASE_OF_RULE = {"greedy-no-skip": "greedy-no-skip", "greedy-threshold": "greedy-threshold"}
SMALL = Path(__file__).parents[2] / "unit" / "pabulib" / "files"


def bring_in(path: Path) -> tuple[PabulibElection, ImportedElection, OutcomeRecord]:
    election = read_pabulib_file(path)
    imported = import_election(
        election=election, file_name=path.name, file_hash=hashlib.sha256(path.read_bytes()).hexdigest()
    )
    region_id = db.session.scalar(sa.select(Poll.region_id).where(Poll.id == imported.poll_id))
    return election, imported, published_outcome(region_id, imported.poll_id)


def poll_of(imported: ImportedElection) -> Poll:
    return db.session.scalars(sa.select(Poll).where(Poll.id == imported.poll_id)).one()


def recount(poll: Poll) -> tuple[str, ...]:
    """The stored ballots, counted by the frozen rules alone."""
    rules = freezing.read(poll.frozen_rules)
    texts = Counter(db.session.scalars(sa.select(UnsealedBallot.choices).where(UnsealedBallot.poll_id == poll.id)))
    groups = {tuple(ballot_text.read(text).items()): number for text, number in texts.items()}
    profile = Profile.of_counts(rules.tally_options.values(), groups, budget=rules.envelope_amount)
    return TALLY_RULES[rules.counting_rule](profile, rules.counting_parameters).selected


def test_the_real_data_is_all_there():
    require_real_data()
    assert len(FILES) == 13


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_election_is_stored_with_the_outcome_computed_independently(session, path):
    expected = json.loads((path.parent / "expected" / f"{path.stem}.json").read_text("utf-8"))

    election, imported, outcome = bring_in(path)

    wanted = CASE_OF_RULE.get(election.meta["rule"], "greedy")
    case = next(case for case in expected["cases"] if case["case"] == wanted)
    assert list(outcome.selected) == case["selection_order"]
    assert election.amount(outcome.total_cost) == int(case["total_cost"])
    assert outcome.voters == imported.ballots == expected["voters"]
    assert len(outcome.verdicts) == expected["projects"]
    poll = poll_of(imported)
    assert turnout_of(poll.region_id, poll.id).ballots == expected["voters"]
    assert recount(poll) == outcome.selected
    assert imported.counted_as_stated is (election.meta["rule"] in {"greedy", "greedy-no-skip", "greedy-threshold"})


def test_the_largest_election_takes_less_than_two_minutes_and_a_gibibyte(session):
    require_real_data()
    path = next(path for path in FILES if path.stem == "Poland_Lodz_2022")
    began = time.perf_counter()

    _, imported, _ = bring_in(path)

    assert time.perf_counter() - began < 120
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    assert peak_kib < 1024 * 1024
    poll = poll_of(imported)
    assert db.session.scalar(sa.select(sa.func.count()).where(UnsealedBallot.poll_id == poll.id)) == 90_494
    by_channel = dict(turnout_of(poll.region_id, poll.id).by_channel)
    assert by_channel == {Channel.WEB: 43_373, Channel.PAPER: 47_121}


def test_nobody_is_invented_and_the_act_is_on_record(session):
    _, imported, _ = bring_in(SMALL / "clean.pb")
    poll = poll_of(imported)
    assert db.session.scalars(sa.select(RollEntry).where(RollEntry.poll_id == poll.id)).all() == []
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.region_id == poll.region_id)).one()
    assert entry.verb == "poll:import"
    assert json.loads(entry.detail)["file"] == "clean.pb"


def test_decimal_costs_are_exact_in_the_smallest_unit(session):
    election, imported, _ = bring_in(SMALL / "decimal_costs.pb")
    poll = poll_of(imported)
    region = db.session.get_one(Region, poll.region_id)
    stored = {
        row.key: row.cost_amount
        for row in db.session.execute(
            sa.select(PollOption.key, PollOption.cost_amount).where(PollOption.poll_id == poll.id)
        )
    }
    assert region.currency_exponent == election.exponent
    assert stored == {project.option.id: project.option.cost for project in election.projects}


@pytest.mark.parametrize(
    "name", ["cumulative", "scoring", "ordinal", "choose_1", "empty_ballots", "no_currency", "line_separator_in_text"]
)
def test_every_kind_of_ballot_counts_to_the_same_from_the_database(session, name):
    _, imported, outcome = bring_in(SMALL / f"{name}.pb")
    assert recount(poll_of(imported)) == outcome.selected


def test_the_same_file_twice_is_refused_and_says_where_it_is(session):
    _, imported, _ = bring_in(SMALL / "clean.pb")
    with pytest.raises(ElectionAlreadyImported) as refusal:
        bring_in(SMALL / "clean.pb")
    assert refusal.value.params == {"slug": imported.slug, "poll_id": imported.poll_key}


def test_a_second_file_of_the_same_place_shares_its_region(session, tmp_path):
    _, first, _ = bring_in(SMALL / "clean.pb")
    again = tmp_path / "again.pb"
    again.write_bytes((SMALL / "clean.pb").read_bytes().replace(b"instance;", b"instance;new ", 1))
    _, second, _ = bring_in(again)
    assert first.slug == second.slug
    assert first.poll_id != second.poll_id


def test_a_region_of_the_platform_is_never_taken_for_an_imported_place(session):
    name = read_pabulib_file(SMALL / "clean.pb").meta["unit"]
    own = make_region(name_en=name)
    _, imported, _ = bring_in(SMALL / "clean.pb")
    assert imported.slug != own.slug


def test_what_cannot_be_stored_is_refused_with_its_line(session, tmp_path):
    text = (SMALL / "clean.pb").read_text("utf-8")
    lines = text.splitlines()
    first_project = lines.index("PROJECTS") + 2
    old_id = lines[first_project].split(";")[0]
    lines[first_project] = lines[first_project].replace(old_id, "x" * 61, 1)
    path = tmp_path / "long.pb"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(ElectionUnusable) as refusal:
        bring_in(path)
    assert refusal.value.params["line"] == first_project + 1
