"""Away from the server: a box goes out to the keyholders, a file of ballots comes back."""

import io
import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from civicvote.cli.unseal import unseal_command
from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls import freezing
from civicvote.domain.polls.box import ballots_signing, box_files, sealing
from civicvote.domain.polls.errors import NotClosed, SealBroken
from civicvote.domain.polls.errors_sealing import (
    BallotsFileUnusable,
    NoKeyholders,
    TrialCodeWrong,
    TrialMissing,
)
from civicvote.domain.polls.models import Envelope, Keyholder, UnsealedBallot
from civicvote.domain.polls.queries_keyholders import ceremony_of
from civicvote.domain.polls.services import (
    confirm_trial,
    count_unsealed,
    count_with_shares,
    make_poll_key,
    publish_poll,
    take_out_box,
    trial_box,
)
from civicvote.domain.polls.states import OpenedAt, PollState
from civicvote.kernel.actor import NotPermitted
from tests.factories.keyholders import make_holders
from tests.factories.people import actor_for
from tests.factories.polls import freeze
from tests.integration.polls.conftest import VOTES, votes_in, where


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
