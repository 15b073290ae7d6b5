"""Keyholders: enough of them open the ballots, fewer and the server don't, and nothing is frozen before a trial."""

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from civicvote.cli.unseal import unseal_command
from civicvote.db import database_clock, db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.lifecycle.services import advance_phases
from civicvote.domain.polls import freezing
from civicvote.domain.polls.box import ballots_signing, box_files, keyholder_files, keys, sealing
from civicvote.domain.polls.errors import NotClosed, PollAlreadyFrozen, SealBroken
from civicvote.domain.polls.errors_sealing import (
    BallotsFileUnusable,
    KeyholderFileUnusable,
    KeyholdersNeeded,
    KeyholdersNotReady,
    KeyholdersUnusable,
    KeyholderTwice,
    KeyholderUnknown,
    NoKeyholders,
    NotKeyholder,
    PassphraseTooShort,
    PassphraseWrong,
    PollKeyMade,
    PollKeyNotMade,
    SecondFactorMissing,
    TooFewShares,
    TrialCodeWrong,
    TrialMissing,
)
from civicvote.domain.polls.models import Envelope, KeyCeremony, Keyholder, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.queries_keyholders import ceremony_of
from civicvote.domain.polls.services import (
    Opening,
    close_and_count,
    confirm_trial,
    count_poll,
    count_unsealed,
    count_with_shares,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
    publish_poll,
    take_out_box,
    trial_box,
)
from civicvote.domain.polls.states import KeyFate, OpenedAt, PollState
from civicvote.kernel import ids
from civicvote.kernel.actor import NotPermitted
from tests.factories.keyholders import freeze_with_keyholders, hold, make_holders, with_factor
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft
from tests.integration.polls.conftest import OpenPoll


@pytest.fixture
def held(session, key_folder):
    """An open poll with three keyholders of whom two are needed, and ballots in the box."""
    region = make_region()
    voters = [make_resident(region.id) for _ in range(5)]
    poll = make_agenda_draft(region)
    holders = freeze_with_keyholders(poll, region, key_folder)
    for voter, choices in zip(voters, [("lamp", "tree"), ("lamp",), ("bench", "tree"), ("lamp", "ramp")], strict=False):
        cast(voter, poll, *choices)
    return OpenPoll(region, administrator(region), voters, poll, key_folder), holders


@pytest.fixture
def draft(session):
    region = make_region()
    return region, administrator(region), make_agenda_draft(region)


def where(open_poll) -> dict:
    return {"region_id": open_poll.region.id, "poll_id": open_poll.poll.id}


def votes_in(outcome) -> dict[str, int]:
    return {verdict.option: verdict.votes for verdict in outcome_format.read(outcome.result).verdicts}


VOTES = {"lamp": 3, "tree": 2, "bench": 1, "ramp": 1}


def test_two_of_three_open_the_box_and_it_is_counted(held):
    open_poll, holders = held
    open_poll.close()
    for pair in ([0, 1], [2, 0]):
        with db.session.begin_nested() as savepoint:
            outcome = count_with_shares(
                actor=open_poll.officer, **where(open_poll), openings=[holders[each].opening for each in pair]
            )
            assert votes_in(outcome) == VOTES
            savepoint.rollback()
    outcome = count_with_shares(
        actor=open_poll.officer, **where(open_poll), openings=[holders[1].opening, holders[2].opening]
    )
    assert votes_in(outcome) == VOTES
    assert open_poll.poll.state is PollState.COUNTED
    entry = json.loads(db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:count")).one())
    assert entry["keyholders"] == [2, 3]
    assert entry["key"] == KeyFate.SHARES_DELETED
    assert entry["opened_at"] == OpenedAt.SERVER
    assert "ballots_hash" not in entry
    assert set(db.session.scalars(sa.select(Keyholder.sealed_share))) == {None}
    publish_poll(actor=open_poll.officer, **where(open_poll), key_folder=open_poll.key_folder)


def test_one_of_them_opens_nothing_however_often_the_file_is_given(held):
    open_poll, holders = held
    open_poll.close()
    for openings in ([], [holders[0].opening], [holders[0].opening] * 3):
        with pytest.raises(TooFewShares):
            count_with_shares(actor=open_poll.officer, **where(open_poll), openings=openings)
    assert open_poll.poll.state is PollState.CLOSED


def test_the_server_alone_opens_nothing(held):
    open_poll, _ = held
    assert not keys.exists(open_poll.key_folder, open_poll.poll.id)
    open_poll.close()
    for actor in (None, open_poll.officer):
        with pytest.raises(KeyholdersNeeded):
            count_poll(actor=actor, **where(open_poll), key_folder=open_poll.key_folder)


def test_no_table_holds_a_share_or_the_key_in_the_open(held):
    """Whoever has the whole database, and one keyholder's file with its passphrase, still has too little."""
    _, holders = held
    ceremony = db.session.scalars(sa.select(KeyCeremony)).one()
    sealed_shares = [bytes(share) for share in db.session.scalars(sa.select(Keyholder.sealed_share))]
    file = keyholder_files.read(holders[0].file)
    own = keyholder_files.open_share(file, passphrase=holders[0].passphrase, sealed_share=sealed_shares[0])
    assert len(own.split()) == 33
    for sealed in sealed_shares:
        assert own.encode() not in sealed
    for sealed in sealed_shares[1:]:
        with pytest.raises(keyholder_files.NoKeyholderFile):
            keyholder_files.open_share(file, passphrase=holders[0].passphrase, sealed_share=sealed)
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(sealing.new_key_pair().private).unseal(bytes(ceremony.trial_sealed))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda first, second: [first, replace(second, passphrase="etwas ganz anderes")], PassphraseWrong),
        (lambda first, second: [first, Opening(b"{}", second.passphrase)], KeyholderFileUnusable),
        (lambda first, second: [Opening(b"", ""), Opening(b"[]", "")], KeyholderFileUnusable),
    ],
)
def test_a_wrong_passphrase_or_file_is_told_by_its_place(held, change, refusal):
    open_poll, holders = held
    open_poll.close()
    openings = change(holders[0].opening, holders[1].opening)
    with pytest.raises(refusal) as raised:
        count_with_shares(actor=open_poll.officer, **where(open_poll), openings=openings)
    assert raised.value.params["place"] == 2


def test_files_of_another_poll_are_refused(held, key_folder):
    open_poll, holders = held
    others = freeze_with_keyholders(make_agenda_draft(open_poll.region), open_poll.region, key_folder)
    open_poll.close()
    with pytest.raises(KeyholderFileUnusable):
        count_with_shares(actor=open_poll.officer, **where(open_poll), openings=[holders[0].opening, others[1].opening])


def test_nothing_is_fixed_before_each_keyholder_opened_the_trial_ballot(draft, key_folder):
    region, officer, poll = draft
    people = [make_person() for _ in range(3)]
    name_keyholders(actor=officer, poll=poll, addresses=[person.email for person in people], needed=2)
    with pytest.raises(PollKeyNotMade):
        freeze(poll, region, key_folder)
    with pytest.raises(KeyholdersNotReady):
        make_poll_key(actor=officer, poll=poll)
    holders = [hold(poll, person) for person in people]
    ceremony = make_poll_key(actor=officer, poll=poll)
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    with pytest.raises(TooFewShares):
        open_trial(actor=officer, poll=poll, openings=[holders[0].opening])
    assert [each.name for each in ceremony_of(officer, poll).unproved] == [each.display_name for each in people]

    open_trial(actor=officer, poll=poll, openings=[holders[2].opening, holders[0].opening])

    assert poll.trial_unsealed_at is None, "two of three can open, and of the third nobody knows"
    assert [each.number for each in ceremony_of(officer, poll).unproved] == [2]
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    open_trial(actor=officer, poll=poll, openings=[holders[0].opening, holders[1].opening])
    entries = db.session.scalars(
        sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:trial").order_by(AuditEntry.sequence)
    ).all()
    assert [json.loads(entry) for entry in entries] == [
        {"public_key": ceremony.public_key, "keyholders": numbers, "opened_at": OpenedAt.SERVER}
        for numbers in ([1, 3], [1, 2])
    ]
    freeze(poll, region, key_folder)
    assert poll.public_key == ceremony.public_key
    assert not keys.exists(key_folder, poll.id)


def test_a_new_key_is_to_be_proved_by_everybody_again(draft):
    _, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders[:2]])
    make_poll_key(actor=officer, poll=poll)
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders[1:]])
    assert [each.number for each in ceremony_of(officer, poll).unproved] == [1]
    assert poll.trial_unsealed_at is None


def test_a_new_key_or_other_keyholders_need_a_new_trial(draft, key_folder):
    region, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    openings = [holder.opening for holder in holders]
    open_trial(actor=officer, poll=poll, openings=openings)
    make_poll_key(actor=officer, poll=poll)
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    open_trial(actor=officer, poll=poll, openings=openings)
    name_keyholders(actor=officer, poll=poll, addresses=[holder.person.email for holder in holders], needed=3)
    with pytest.raises(PollKeyNotMade):
        freeze(poll, region, key_folder)


def test_without_keyholders_it_is_the_key_file_again(draft, key_folder):
    region, officer, poll = draft
    make_holders(poll, officer=officer)
    name_keyholders(actor=officer, poll=poll, addresses=[], needed=0)
    freeze(poll, region, key_folder)
    assert keys.exists(key_folder, poll.id)


def test_a_key_without_keyholders_is_made_with_the_rules(draft):
    _, officer, poll = draft
    with pytest.raises(NoKeyholders):
        make_poll_key(actor=officer, poll=poll)


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (3, 1), (3, 4), (10, 5)])
def test_too_few_needed_or_too_many_named_are_refused(draft, count, needed):
    _, officer, poll = draft
    addresses = [make_person().email for _ in range(count)]
    with pytest.raises(KeyholdersUnusable):
        name_keyholders(actor=officer, poll=poll, addresses=addresses, needed=needed)


def test_a_keyholder_has_an_account_and_stands_in_the_list_once(draft):
    _, officer, poll = draft
    first, second = make_person().email, make_person().email
    with pytest.raises(KeyholderUnknown):
        name_keyholders(actor=officer, poll=poll, addresses=[first, "nobody@example.org"], needed=2)
    with pytest.raises(KeyholderTwice):
        name_keyholders(actor=officer, poll=poll, addresses=[first, second, first.upper()], needed=2)
    with pytest.raises(NotPermitted):
        name_keyholders(actor=actor_for(make_person()), poll=poll, addresses=[first, second], needed=2)


def test_a_file_is_for_its_keyholder_with_a_second_factor_and_a_long_passphrase(draft, key_folder):
    region, officer, poll = draft
    people = [make_person() for _ in range(2)]
    name_keyholders(actor=officer, poll=poll, addresses=[person.email for person in people], needed=2)
    act = {"region_id": poll.region_id, "poll_id": poll.id, "passphrase": "lang genug ist das"}
    with pytest.raises(NotKeyholder):
        make_keyholder_file(actor=with_factor(make_person()), **act)
    with pytest.raises(SecondFactorMissing):
        make_keyholder_file(actor=actor_for(people[0]), **act)
    with pytest.raises(PassphraseTooShort):
        make_keyholder_file(actor=with_factor(people[0]), **act | {"passphrase": "kurz"})
    holders = [hold(poll, person) for person in people]
    make_poll_key(actor=officer, poll=poll)
    with pytest.raises(PollKeyMade):
        hold(poll, people[0])
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders])
    freeze(poll, region, key_folder)
    with pytest.raises(PollAlreadyFrozen):
        hold(poll, people[0])


def test_the_schedule_closes_what_waits_for_keyholders_and_does_not_count_it(held):
    open_poll, _ = held
    moment = open_poll.poll.closes_at + timedelta(hours=1)
    with database_clock(lambda: moment):
        first = advance_phases(key_folder=open_poll.key_folder)
        second = advance_phases(key_folder=open_poll.key_folder)
    assert [(step.verb, step.refused) for step in first if step.subject == f"poll:{open_poll.poll.id}"] == [
        ("poll:close", "")
    ]
    assert not [step for step in second if step.subject.startswith("poll:")]
    assert open_poll.poll.state is PollState.CLOSED


def test_closing_by_hand_closes_and_waits_for_the_keyholders(held):
    open_poll, _ = held
    act = {"actor": open_poll.officer, **where(open_poll), "key_folder": open_poll.key_folder}
    assert close_and_count(**act, reason="정전") is None
    assert open_poll.poll.state is PollState.CLOSED
    with pytest.raises(KeyholdersNeeded):
        close_and_count(**act)


# Away from the server: a box goes out, a file of ballots comes back.


def unseal(tmp_path, box: str, holders, *more: str):
    (tmp_path / "box.txt").write_text(box, encoding="utf-8", newline="\n")
    arguments = [str(tmp_path / "box.txt")]
    for number, holder in enumerate(holders):
        path = tmp_path / f"holder{number}.json"
        path.write_bytes(holder.file)
        arguments += ["--share", str(path)]
    typed = "".join(f"{holder.passphrase}\n" for holder in holders)
    return CliRunner().invoke(unseal_command, [*arguments, *more], input=typed)


@pytest.fixture
def box(held):
    open_poll, _ = held
    open_poll.close()
    return "".join(take_out_box(actor=open_poll.officer, **where(open_poll)))


def test_the_box_is_opened_elsewhere_and_its_ballots_are_counted_here(held, box, tmp_path):
    open_poll, holders = held
    done = unseal(tmp_path, box, holders[:2], "--out", str(tmp_path / "ballots.txt"))
    assert done.exit_code == 0, done.output
    again = unseal(tmp_path, box, [holders[2], holders[1]], "--out", str(tmp_path / "again.txt"))
    assert again.exit_code == 0
    content = (tmp_path / "ballots.txt").read_bytes()
    assert content == (tmp_path / "again.txt").read_bytes()

    outcome = count_unsealed(actor=open_poll.officer, **where(open_poll), content=io.BytesIO(content))

    assert votes_in(outcome) == VOTES
    stored = Counter(db.session.scalars(sa.select(UnsealedBallot.choices)))
    assert stored == Counter(['["lamp","tree"]', '["lamp"]', '["bench","tree"]', '["lamp","ramp"]'])
    entry = json.loads(db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:count")).one())
    assert entry["opened_at"] == OpenedAt.ELSEWHERE
    assert "ballots_hash" not in entry
    publish_poll(actor=open_poll.officer, **where(open_poll), key_folder=open_poll.key_folder)


def test_the_box_names_no_voter_and_no_time_and_leaves_a_trace(held, box):
    open_poll, _ = held
    for voter in open_poll.voters:
        assert str(voter.id) not in box
    assert len(box.splitlines()) == 1 + 4
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:box")).one()


def test_the_trial_is_opened_elsewhere_too_until_each_file_was_used(draft, key_folder, tmp_path):
    region, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    box = "".join(trial_box(actor=officer, poll=poll))
    line = unseal(tmp_path, box, holders[1:]).stdout.strip().splitlines()[-1]
    code, second, third = line.split()
    assert (second[:2], third[:2]) == ("2-", "3-")
    for wrong in (
        "0" * 32,
        code,
        f"{'0' * 32} {second}",
        f"{code} 1{second[1:]}",
        f"{code} 9-{second[2:]}",
        f"{code} 2-",
    ):
        with pytest.raises(TrialCodeWrong):
            confirm_trial(actor=officer, poll=poll, code=wrong)
    assert len(ceremony_of(officer, poll).unproved) == 3
    confirm_trial(actor=officer, poll=poll, code=f" {line.upper()} ")
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    again = unseal(tmp_path, box, holders[:2]).stdout.strip().splitlines()[-1]
    confirm_trial(actor=officer, poll=poll, code=again)
    freeze(poll, region, key_folder)


def test_the_proofs_are_in_no_table_and_tell_no_share(draft, tmp_path):
    _, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    line = unseal(tmp_path, "".join(trial_box(actor=officer, poll=poll)), holders).stdout.strip().splitlines()[-1]
    kept = db.session.scalars(sa.select(Keyholder.share_proof).order_by(Keyholder.number)).all()
    for proof, stored in zip(line.split()[1:], kept, strict=True):
        assert proof[2:] not in stored
        assert stored == sha256(proof[2:].encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: ["{}", *lines[1:]],
        lambda lines: [],
        lambda lines: [lines[0], "!!!", *lines[2:]],
    ],
)
def test_a_box_that_is_not_whole_is_refused_before_any_passphrase(held, box, tmp_path, change):
    _, holders = held
    done = unseal(tmp_path, "".join(f"{line}\n" for line in change(box.splitlines())), holders[:2])
    assert done.exit_code == 1
    assert "passphrase" not in done.output


def test_too_few_keyholders_and_wrong_passphrases_open_nothing_elsewhere(held, box, tmp_path):
    _, holders = held
    assert unseal(tmp_path, box, holders[:1]).exit_code == 1
    assert unseal(tmp_path, box, [holders[0], holders[0]]).exit_code == 1
    forgetful = replace(holders[1], passphrase="nicht mehr im Kopf")
    done = unseal(tmp_path, box, [holders[0], forgetful], "--out", str(tmp_path / "ballots.txt"))
    assert done.exit_code == 1
    assert not (tmp_path / "ballots.txt").exists()


def _spoil_one(open_poll) -> str:
    """One envelope sealed to the right key that holds no ballot, with a receipt that fits; the receipt."""
    size = len(db.session.scalars(sa.select(Envelope.sealed)).first()) - 48
    sealed = sealing.seal("no ballot", public_key=open_poll.poll.public_key, size=size)
    receipt = sealing.receipt_of(sealed)
    db.session.execute(
        sa.update(Envelope).where(Envelope.voter_id == open_poll.voters[0].id).values(sealed=sealed, receipt=receipt)
    )
    return receipt


def test_one_broken_envelope_stops_both_ways_and_its_receipt_is_named(held, tmp_path):
    open_poll, holders = held
    receipt = _spoil_one(open_poll)
    open_poll.close()
    with pytest.raises(SealBroken) as raised:
        count_with_shares(
            actor=open_poll.officer, **where(open_poll), openings=[holder.opening for holder in holders[:2]]
        )
    assert raised.value.params["receipt"] == receipt
    box = "".join(take_out_box(actor=open_poll.officer, **where(open_poll)))
    done = unseal(tmp_path, box, holders[:2], "--out", str(tmp_path / "ballots.txt"))
    assert (done.exit_code, receipt in done.output) == (1, True)
    assert not (tmp_path / "ballots.txt").exists()


def _line(content: bytes, number: int, text: str) -> bytes:
    lines = content.decode().splitlines()
    lines[number] = text
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: _line(content, 1, '{"ballot":["lamp"],"electorate":"residents","style":""}'),
        lambda content: content.replace(b'"ballots":4', b'"ballots":3'),
        lambda content: b"\n".join(content.splitlines()[:-1]) + b"\n",
        lambda content: content.replace(b"residents", b"panel"),
        lambda content: b"",
        lambda content: b"\xff",
        lambda content: content.replace(b'"receipts_root":"', b'"receipts_root":"00'),
    ],
)
def test_a_file_of_ballots_that_was_changed_is_refused(held, box, tmp_path, change):
    open_poll, holders = held
    unseal(tmp_path, box, holders[:2], "--out", str(tmp_path / "ballots.txt"))
    content = change((tmp_path / "ballots.txt").read_bytes())
    with pytest.raises(BallotsFileUnusable):
        count_unsealed(actor=open_poll.officer, **where(open_poll), content=io.BytesIO(content))
    assert open_poll.poll.state is PollState.CLOSED


def test_a_box_is_taken_out_by_officers_after_closing_and_of_keyholders_polls_only(held, open_budget):
    open_poll, _ = held
    with pytest.raises(NotClosed):
        take_out_box(actor=open_poll.officer, **where(open_poll))
    open_poll.close()
    with pytest.raises(NotPermitted):
        take_out_box(actor=actor_for(open_poll.voters[0]), **where(open_poll))
    open_budget.close()
    with pytest.raises(NoKeyholders):
        take_out_box(actor=open_budget.officer, **where(open_budget))
    with pytest.raises(NoKeyholders):
        count_unsealed(actor=open_budget.officer, **where(open_budget), content=io.BytesIO())


@pytest.fixture
def ballots_file(held, box, tmp_path) -> bytes:
    _, holders = held
    assert unseal(tmp_path, box, holders[:2], "--out", str(tmp_path / "ballots.txt")).exit_code == 0
    return (tmp_path / "ballots.txt").read_bytes()


def _invented(content: bytes, private_key: str) -> bytes:
    """A file whose every number fits, with another choice in it, signed with this key."""
    first, *texts, _ = content.decode().splitlines()
    texts = sorted(text.replace('"lamp"', '"bench"') if '"lamp"]' in text else text for text in texts)
    head = json.loads(first) | {"ballots_hash": box_files.digest(texts)}
    signed = "".join(f"{line}\n" for line in (json.dumps(head), *texts)).encode()
    signature = ballots_signing.sign(signed, private_key=private_key)
    return signed + json.dumps({"signature": signature}).encode() + b"\n"


def test_an_officer_without_the_keyholders_can_not_supply_the_ballots(held, ballots_file):
    open_poll, _ = held
    forged = _invented(ballots_file, sealing.new_key_pair().private)
    unsigned = b"".join(line + b"\n" for line in forged.splitlines()[:-1])
    for content in (forged, unsigned, ballots_file.replace(ballots_file.splitlines()[-1], forged.splitlines()[-1])):
        with pytest.raises(BallotsFileUnusable):
            count_unsealed(actor=open_poll.officer, **where(open_poll), content=io.BytesIO(content))
    count_unsealed(actor=open_poll.officer, **where(open_poll), content=io.BytesIO(ballots_file))


def test_what_the_rules_were_fixed_as_is_compared_and_not_how_they_would_be_written_today(
    held, ballots_file, monkeypatch
):
    open_poll, _ = held
    monkeypatch.setattr(freezing, "FORMAT", freezing.FORMAT + 1)
    count_unsealed(actor=open_poll.officer, **where(open_poll), content=io.BytesIO(ballots_file))


def test_nothing_sealed_is_left_once_the_outcome_is_published_and_the_receipts_are(held):
    open_poll, holders = held
    open_poll.close()
    count_with_shares(actor=open_poll.officer, **where(open_poll), openings=[holder.opening for holder in holders[:2]])
    assert all(db.session.scalars(sa.select(Envelope.sealed)))
    receipts = set(db.session.scalars(sa.select(Envelope.receipt)))
    publish_poll(actor=open_poll.officer, **where(open_poll), key_folder=open_poll.key_folder)
    assert set(db.session.scalars(sa.select(Envelope.sealed))) == {b""}
    assert set(db.session.scalars(sa.select(Envelope.receipt))) == receipts
    detail = json.loads(db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:publish")).one())
    assert detail["envelopes_emptied"] is True
    assert "key_is_gone" not in detail


def test_naming_keyholders_and_making_a_file_say_who_in_the_audit(draft):
    _, officer, poll = draft
    holders = make_holders(poll, officer=officer, count=2)
    entries = db.session.execute(
        sa.select(AuditEntry.verb, AuditEntry.actor_id, AuditEntry.detail)
        .where(AuditEntry.verb.in_(["poll:keyholders", "poll:keyholder_file"]))
        .order_by(AuditEntry.sequence)
    ).all()
    people = [ids.encode(holder.person.id) for holder in holders]
    assert json.loads(entries[0].detail)["keyholders"] == people
    assert [(entry.verb, entry.actor_id) for entry in entries[1:]] == [
        ("poll:keyholder_file", holder.person.id) for holder in holders
    ]
    assert [json.loads(entry.detail)["keyholder"] for entry in entries[1:]] == [1, 2]


def test_the_command_says_what_it_opened_and_keeps_the_ballots_from_others(held, box, tmp_path):
    open_poll, holders = held
    out = tmp_path / "ballots.txt"
    out.touch(mode=0o644)
    done = unseal(tmp_path, box, holders[:2], "--out", str(out), "--root", open_poll.poll.receipts_root)
    assert done.exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    for expected in (open_poll.poll.receipts_root, open_poll.poll.frozen_hash, sha256(out.read_bytes()).hexdigest()):
        assert expected in done.output
    other = unseal(tmp_path, box, holders[:2], "--root", "0" * 64)
    assert (other.exit_code, "another root" in other.output, "passphrase" in other.output) == (1, True, False)


@pytest.mark.parametrize(
    "change",
    [
        {"shares": {"1": "no hex", "2": "", "3": ""}},
        {"rules": "{}"},
        {"rules": 7},
        {"needed": "two"},
        {"verify_key": "00" * 32},
    ],
)
def test_a_box_with_a_head_that_nobody_wrote_is_refused_in_a_sentence(held, box, tmp_path, change):
    _, holders = held
    first, *rest = box.splitlines()
    lines = [json.dumps(json.loads(first) | change), *rest]
    done = unseal(tmp_path, "".join(f"{line}\n" for line in lines), holders[:2])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert done.output.splitlines()[-1]
