"""From draft to frozen: what must be sound, what is fixed, what is refused afterwards."""

import json
import stat
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.box import keys
from civicvote.domain.polls.errors import (
    ChoiceLimitsUnusable,
    EnvelopeMissing,
    KeyFolderUnusable,
    OptionAboveEnvelope,
    OptionKeyTaken,
    PollAlreadyFrozen,
    PollAlreadyOver,
    PollEndsBeforeItStarts,
    PollOutsidePhase,
    RuleDoesNotFitKind,
    SeatsMissing,
    TooFewOptions,
)
from civicvote.domain.polls.errors_planning import IncrementTooSmall
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.models import Poll, PollOption, RollEntry
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.services import (
    add_option,
    create_poll,
    edit_poll,
    freeze_poll,
    replace_options,
)
from civicvote.domain.polls.states import PollState
from civicvote.domain.rounds.errors import RoundNotAnnounced
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import CountingRule
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import (
    MILLION,
    administrator,
    agenda_plan,
    budget_plan,
    freeze,
    make_agenda_draft,
    make_budget_draft,
)


@pytest.fixture
def region(session):
    return make_region()


def test_only_who_manages_polls_makes_changes_and_freezes_one(region, key_folder):
    stranger = actor_for(make_resident(region.id))
    round_ = make_round(region, Phase.AGENDA_VOTE)
    poll = make_agenda_draft(region, round=round_)
    for act in (
        lambda: create_poll(actor=stranger, round=round_, plan=agenda_plan()),
        lambda: edit_poll(actor=stranger, poll=poll, plan=agenda_plan()),
        lambda: replace_options(actor=stranger, poll=poll, options=[]),
        lambda: freeze_poll(actor=stranger, poll=poll, key_folder=key_folder),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not keys.exists(key_folder, poll.id)


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (lambda: agenda_plan(seats=None), SeatsMissing),
        (lambda: agenda_plan(seats=0), SeatsMissing),
        (lambda: agenda_plan(counting_rule=CountingRule.GREEDY), RuleDoesNotFitKind),
        (lambda: agenda_plan(min_choices=3), ChoiceLimitsUnusable),
        (lambda: agenda_plan(min_choices=0), ChoiceLimitsUnusable),
        (lambda: agenda_plan(closes_at=clock.now() - timedelta(days=2)), PollEndsBeforeItStarts),
        (lambda: budget_plan(envelope_amount=None), EnvelopeMissing),
        (lambda: budget_plan(counting_rule=CountingRule.APPROVAL), RuleDoesNotFitKind),
    ],
)
def test_a_plan_that_cannot_work_is_refused_when_the_draft_is_made_and_when_it_is_edited(region, plan, refusal):
    officer, round_ = administrator(region), make_round(region)
    with pytest.raises(refusal):
        create_poll(actor=officer, round=round_, plan=plan())
    sound = budget_plan() if plan().kind == "budget" else agenda_plan()
    poll = create_poll(actor=officer, round=round_, plan=sound)
    with pytest.raises(refusal):
        edit_poll(actor=officer, poll=poll, plan=plan())


def test_options_are_replaced_in_the_given_order_and_no_key_stands_twice(region):
    poll = make_agenda_draft(region)
    options = [FrozenOption(key=key, label=key) for key in ("zoo", "ant")]
    replace_options(actor=administrator(region), poll=poll, options=options)
    db.session.refresh(poll)
    assert [(option.key, option.position) for option in poll.options] == [("zoo", 0), ("ant", 1)]
    with pytest.raises(OptionKeyTaken):
        add_option(poll=poll, key="ant", label="again")


def test_freezing_fixes_rules_and_options_in_a_text_whose_hash_everybody_can_check(region, key_folder):
    poll = freeze(make_budget_draft(region), region, key_folder)

    assert poll.state is PollState.FROZEN
    assert freezing.digest(poll.frozen_rules) == poll.frozen_hash
    rules = freezing.read(poll.frozen_rules)
    assert [option.key for option in rules.options] == ["road", "park", "book", "bike"]
    assert rules.options[0].cost_amount == 60 * MILLION
    assert rules.envelope_amount == 100 * MILLION
    assert rules.public_key == poll.public_key
    assert rules.tie_break == poll.tie_break
    assert poll.tie_break.startswith("seed:")
    assert len(poll.tie_break) == len("seed:") + 32


def test_each_poll_gets_its_own_key_and_its_own_draw(region, key_folder):
    polls = [freeze(make_agenda_draft(region), region, key_folder) for _ in range(2)]
    assert len({poll.public_key for poll in polls}) == 2
    assert len({poll.tie_break for poll in polls}) == 2


def test_the_key_file_is_readable_by_its_owner_only_and_the_database_does_not_have_it(region, key_folder):
    poll = freeze(make_agenda_draft(region), region, key_folder)

    assert stat.S_IMODE(keys.key_path(key_folder, poll.id).stat().st_mode) == 0o600
    assert stat.S_IMODE(key_folder.stat().st_mode) == 0o700
    private_key = keys.load(key_folder, poll.id)
    for table in reversed(db.metadata.sorted_tables):
        for row in db.session.execute(sa.select(table)):
            assert private_key not in " ".join(map(str, row)), table.name


def test_the_roll_has_the_confirmed_residents_of_the_region_and_nobody_else(region, key_folder):
    residents = [make_resident(region.id) for _ in range(3)]
    make_resident(make_region().id)
    make_person()
    lapsed = make_resident(region.id)
    db.session.execute(
        sa.text("UPDATE residencies SET valid_until_on = :day WHERE person_id = :person"),
        {"day": (clock.today() - timedelta(days=1)).isoformat(), "person": lapsed.id},
    )
    until_today = make_resident(region.id)
    db.session.execute(
        sa.text("UPDATE residencies SET valid_until_on = :day WHERE person_id = :person"),
        {"day": clock.today().isoformat(), "person": until_today.id},
    )
    db.session.expire_all()

    poll = freeze(make_agenda_draft(region), region, key_folder)

    roll = db.session.scalars(sa.select(RollEntry.voter_id).where(RollEntry.poll_id == poll.id)).all()
    assert set(roll) == {person.id for person in [*residents, until_today]}
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:freeze")).one()
    detail = json.loads(entry.detail)
    assert detail["roll_size"] == 4
    assert detail["roll_hash"] == freezing.roll_digest((voter, RESIDENTS) for voter in roll)
    assert detail["rules_hash"] == poll.frozen_hash
    assert not list(broken_links(region.id))


@pytest.mark.parametrize(
    ("break_it", "refusal"),
    [
        (lambda poll: db.session.delete(poll.options[-1]) or db.session.delete(poll.options[-2]), None),
        (lambda poll: [db.session.delete(option) for option in poll.options[1:]], TooFewOptions),
        (lambda poll: setattr(poll.options[0], "cost_amount", 101 * MILLION), OptionAboveEnvelope),
        (lambda poll: setattr(poll, "opens_at", poll.opens_at - timedelta(days=5)), PollOutsidePhase),
        (lambda poll: setattr(poll, "closes_at", poll.closes_at + timedelta(days=5)), PollOutsidePhase),
        (lambda poll: setattr(poll, "closes_at", clock.now() - timedelta(minutes=1)), PollAlreadyOver),
    ],
)
def test_what_is_not_sound_is_not_frozen_and_leaves_no_key_behind(region, key_folder, break_it, refusal):
    poll = make_budget_draft(region)
    break_it(poll)
    db.session.flush()
    db.session.expire_all()
    if refusal is None:
        freeze(poll, region, key_folder)
        return
    with pytest.raises(refusal):
        freeze(poll, region, key_folder)
    assert poll.state is PollState.DRAFT
    assert not keys.exists(key_folder, poll.id)


def test_equal_shares_of_few_people_in_tiny_steps_are_not_frozen(region, key_folder):
    for _ in range(10):
        make_resident(region.id)
    poll = make_budget_draft(region, counting_rule=CountingRule.EQUAL_SHARES)
    with db.session.begin_nested(), pytest.raises(IncrementTooSmall) as refused:
        freeze(poll, region, key_folder)
    assert refused.value.params["least"] == 10_000

    another = make_budget_draft(
        region, counting_rule=CountingRule.EQUAL_SHARES, counting=CountingChoice(increment_amount=10_000)
    )
    assert freeze(another, region, key_folder).state is PollState.FROZEN


def test_a_poll_of_a_round_that_was_not_announced_is_not_frozen(region, key_folder):
    round_ = make_round(region, Phase.AGENDA_VOTE)
    poll = make_agenda_draft(region, round=round_)
    round_.state = RoundState.DRAFT
    db.session.flush()
    with pytest.raises(RoundNotAnnounced):
        freeze(poll, region, key_folder)


def test_a_folder_that_cannot_be_written_keeps_the_poll_a_draft(region, tmp_path):
    poll = make_agenda_draft(region)
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFolderUnusable):
        freeze(poll, region, tmp_path / "file" / "keys")
    assert poll.state is PollState.DRAFT


def test_a_key_left_by_a_freezing_that_was_rolled_back_does_not_stand_in_the_way(region, key_folder):
    poll = make_agenda_draft(region)
    keys.store(key_folder, poll.id, "0" * 64)
    freeze(poll, region, key_folder)
    assert keys.load(key_folder, poll.id) != "0" * 64


def test_a_frozen_poll_cannot_be_edited_its_options_neither_nor_frozen_again(region, key_folder):
    officer, poll = administrator(region), freeze(make_agenda_draft(region), region, key_folder)
    before = poll.frozen_rules
    for act in (
        lambda: edit_poll(actor=officer, poll=poll, plan=agenda_plan(seats=3)),
        lambda: replace_options(actor=officer, poll=poll, options=[]),
        lambda: add_option(poll=poll, key="new", label="new"),
        lambda: freeze_poll(actor=officer, poll=poll, key_folder=key_folder),
    ):
        with pytest.raises(PollAlreadyFrozen):
            act()
    assert db.session.get_one(Poll, (poll.region_id, poll.id)).frozen_rules == before


@pytest.mark.parametrize(
    "change", ["seats = 3", "frozen_rules = '{}'", "tie_break = 'id'", "threshold = 9", "public_key = ''"]
)
def test_the_database_itself_refuses_to_change_frozen_rules(region, key_folder, change):
    poll = freeze(make_agenda_draft(region), region, key_folder)
    with pytest.raises(sa.exc.DatabaseError), db.session.begin_nested():
        db.session.execute(sa.text(f"UPDATE polls SET {change} WHERE id = :id"), {"id": poll.id})


def test_the_database_itself_refuses_to_change_frozen_options_and_to_shorten_the_roll(region, key_folder):
    make_resident(region.id)
    poll = freeze(make_agenda_draft(region), region, key_folder)
    for statement in (
        "UPDATE poll_options SET label = 'x' WHERE poll_id = :id",
        "DELETE FROM poll_options WHERE poll_id = :id",
        "DELETE FROM roll_entries WHERE poll_id = :id",
    ):
        with pytest.raises(sa.exc.DatabaseError), db.session.begin_nested():
            db.session.execute(sa.text(statement), {"id": poll.id})
    added = {"region_id": poll.region_id, "poll_id": poll.id, "key": "x", "position": 9, "label": "x"}
    with pytest.raises(sa.exc.DatabaseError), db.session.begin_nested():
        db.session.execute(sa.insert(PollOption).values(**added, summary="", cost_amount=0))
