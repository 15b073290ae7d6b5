"""Two accounts with one identity: the three decisions, who may take them, and what an open vote has to say."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.db import database_clock, db, unit_of_work
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.providers import ProvidedResidency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.lifecycle.errors import EarlierAccountMayVote
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.lifecycle.services_identity import decide_clash
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification
from civicvote.domain.polls.errors import NotOnRoll
from civicvote.domain.polls.models import Envelope, Poll
from civicvote.domain.polls.services import close_poll
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.errors import (
    ClashAlreadyDecided,
    ClashReasonMissing,
    NamesakeImpossible,
    OwnClash,
    UnknownClash,
)
from civicvote.domain.verification.identity import provider_mark
from civicvote.domain.verification.kinds import ClashDecision, VerificationChannel
from civicvote.domain.verification.models import IdentityClash, IdentityMark
from civicvote.domain.verification.services import verify_residency
from civicvote.domain.verification.services_provided import verify_provided
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber
from tests.factories.identity import KEYS, desk_claim, name_mark, provider_claim, scope_of
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region
from tests.factories.polls import cast, freeze, make_agenda_draft


class Meeting:
    """A region in which a later account met an earlier one."""

    def __init__(self, region: Region | None = None) -> None:
        self.region = region or make_region()
        self.scope = scope_of(self.region)
        self.officer = actor_for(make_officer(self.region.id, Role.ADMINISTRATOR))
        self.earlier, self.later = make_person(), make_person()
        self.verify(self.earlier)
        clash_id = self.verify(self.later).clash_id
        assert clash_id is not None
        self.clash_id: int = clash_id

    def verify(self, person: Person, claim=None):
        return verify_residency(
            region=self.scope, person_id=person.id, claim=claim or desk_claim(self.region.id), actor=None
        )

    def decide(
        self, decision: ClashDecision, *, actor: Actor | None = None, reason: str = "서류를 보았습니다."
    ) -> None:
        decide_clash(
            actor=actor or self.officer, region=self.scope, clash_id=self.clash_id, decision=decision, reason=reason
        )

    def is_resident(self, person: Person) -> bool:
        return actor_for(person).is_resident_of(self.region.id)

    def carriers(self) -> list[tuple[int, int]]:
        rows = db.session.execute(
            sa.select(IdentityMark.ordinal, IdentityMark.person_id)
            .where(IdentityMark.region_id == self.region.id)
            .order_by(IdentityMark.ordinal)
        )
        return [(ordinal, person_id) for ordinal, person_id in rows]


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return Meeting()


def test_a_transfer_moves_marks_and_residency(meeting: Meeting) -> None:
    meeting.decide(ClashDecision.TRANSFER)
    assert not meeting.is_resident(meeting.earlier)
    assert meeting.is_resident(meeting.later)
    assert meeting.carriers() == [(0, meeting.later.id)]
    assert not meeting.verify(meeting.earlier).is_confirmed, "the earlier account is the later one now"


def test_a_refusal_leaves_everything_as_it_was(meeting: Meeting) -> None:
    meeting.decide(ClashDecision.REFUSE)
    assert meeting.is_resident(meeting.earlier)
    assert not meeting.is_resident(meeting.later)
    assert meeting.carriers() == [(0, meeting.earlier.id)]


def test_what_was_refused_is_not_asked_anew_at_every_sign_in(session: Session) -> None:
    meeting = Meeting()
    said = ProvidedResidency(
        region_slug=meeting.region.slug,
        residency_class=ResidencyClass.ADDRESS,
        assurance=Assurance.IDENTITY_PROVIDER,
        identifier="ci",
    )
    meeting.verify(meeting.earlier, provider_claim(meeting.region.id, "ci"))
    made = verify_provided(person_id=meeting.later.id, residency=said, keys=KEYS)
    assert made is not None
    assert made.clash_id == meeting.clash_id, "the clash of the two accounts is renewed"
    meeting.decide(ClashDecision.REFUSE)
    assert verify_provided(person_id=meeting.later.id, residency=said, keys=KEYS) is None
    session.execute(sa.delete(IdentityMark))
    freed = verify_provided(person_id=meeting.later.id, residency=said, keys=KEYS)
    assert freed is not None
    assert freed.is_confirmed, "nobody else carries it any more"


def test_namesakes_both_stand_and_are_recognised_again(meeting: Meeting) -> None:
    meeting.decide(ClashDecision.NAMESAKE)
    assert meeting.is_resident(meeting.earlier)
    assert meeting.is_resident(meeting.later)
    assert meeting.carriers() == [(0, meeting.earlier.id), (1, meeting.later.id)]
    assert meeting.verify(meeting.later).is_confirmed
    assert not meeting.verify(make_person()).is_confirmed


@pytest.mark.parametrize("decision", ClashDecision)
def test_both_are_told_the_audit_knows_and_the_claim_is_gone(meeting: Meeting, decision: ClashDecision) -> None:
    db.session.execute(sa.delete(Notification))
    meeting.decide(decision)
    told = db.session.execute(sa.select(Notification.person_id, Notification.kind, Notification.params)).all()
    assert {(person_id, kind, params["account"]) for person_id, kind, params in told} == {
        (meeting.earlier.id, NotificationKind.IDENTITY_DECIDED, "earlier"),
        (meeting.later.id, NotificationKind.IDENTITY_DECIDED, "later"),
    }
    clash = db.session.get_one(IdentityClash, (meeting.region.id, meeting.clash_id))
    assert (clash.claim, clash.decision, clash.decided_by_id) == ({}, decision, meeting.officer.person_id)
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert last is not None
    assert (last.verb, decision.value in last.detail) == ("identity:decide", True)


def test_each_clash_is_decided_once(meeting: Meeting) -> None:
    meeting.decide(ClashDecision.REFUSE)
    with pytest.raises(ClashAlreadyDecided):
        meeting.decide(ClashDecision.TRANSFER)


def test_a_decision_needs_a_reason_without_numbers(meeting: Meeting) -> None:
    with pytest.raises(ClashReasonMissing):
        meeting.decide(ClashDecision.REFUSE, reason="  ")
    with pytest.raises(PersonalNumber):
        meeting.decide(ClashDecision.REFUSE, reason="900101-1234567")


@pytest.mark.parametrize("which", ["earlier", "later"])
def test_nobody_decides_about_an_account_of_their_own(meeting: Meeting, which: str) -> None:
    own = Actor(getattr(meeting, which).id, "own", roles={meeting.region.id: frozenset({Role.ADMINISTRATOR})})
    with pytest.raises(OwnClash):
        meeting.decide(ClashDecision.NAMESAKE, actor=own)


def test_clerks_do_not_decide(meeting: Meeting) -> None:
    with pytest.raises(NotPermitted):
        meeting.decide(ClashDecision.NAMESAKE, actor=actor_for(make_officer(meeting.region.id, Role.CLERK)))


def test_two_people_never_share_a_providers_identifier(meeting: Meeting) -> None:
    first, second = make_person(), make_person()
    meeting.verify(first, provider_claim(meeting.region.id, "ci"))
    clash_id = meeting.verify(second, provider_claim(meeting.region.id, "ci")).clash_id
    assert clash_id is not None
    meeting.clash_id = clash_id
    with pytest.raises(NamesakeImpossible):
        meeting.decide(ClashDecision.NAMESAKE)
    meeting.decide(ClashDecision.TRANSFER)


def test_staff_get_no_ballot_by_another_account(session: Session) -> None:
    """The later account is a resident by a provider that tells no name; the letter shows who it is."""
    meeting = Meeting()
    meeting.verify(meeting.earlier, desk_claim(meeting.region.id, excluded_as=ExcludedGroup.STAFF))
    meeting.verify(meeting.later, provider_claim(meeting.region.id, "ci"))
    letter = {"channel": VerificationChannel.LETTER, "assurance": Assurance.LETTER_CODE}
    meeting.verify(meeting.later, desk_claim(meeting.region.id, **letter))
    meeting.decide(ClashDecision.TRANSFER)
    residency = session.get_one(Residency, (meeting.region.id, meeting.later.id), populate_existing=True)
    assert residency.excluded_as is ExcludedGroup.STAFF
    assert not session.get(Residency, (meeting.region.id, meeting.earlier.id))
    meeting.verify(meeting.later)
    assert residency.excluded_as is None, "a clerk who sees the papers takes it back"


def test_who_leaves_takes_along_what_waits(meeting: Meeting) -> None:
    """Nobody's residency can be given to an account that is closed, and the claim holds a birth date."""
    leave(person_id=meeting.later.id)
    with pytest.raises(UnknownClash):
        meeting.decide(ClashDecision.TRANSFER)
    assert db.session.scalars(sa.select(IdentityClash)).all() == []
    assert meeting.is_resident(meeting.earlier)


def test_an_account_that_was_closed_is_taken_over(meeting: Meeting) -> None:
    leave(person_id=meeting.earlier.id)
    meeting.decide(ClashDecision.TRANSFER)
    assert meeting.is_resident(meeting.later)


def test_a_claim_that_meets_two_accounts_is_decided_twice(meeting: Meeting) -> None:
    third, fourth = make_person(), make_person()
    meeting.verify(third, provider_claim(meeting.region.id, "ci"))
    both = (name_mark(meeting.region.id), provider_mark(KEYS, region_id=meeting.region.id, identifier="ci"))
    clash_id = meeting.verify(fourth, provider_claim(meeting.region.id, "ci", marks=both)).clash_id
    assert clash_id is not None
    meeting.clash_id = clash_id
    meeting.decide(ClashDecision.TRANSFER)
    assert not meeting.is_resident(fourth), "the other mark meets another account"
    waiting = db.session.scalars(
        sa.select(IdentityClash).where(IdentityClash.later_person_id == fourth.id, IdentityClash.decided_at.is_(None))
    ).one()
    meeting.clash_id = waiting.id
    meeting.decide(ClashDecision.TRANSFER)
    assert meeting.is_resident(fourth)


def test_while_the_earlier_account_may_vote_nothing_is_transferred(meeting: Meeting, tmp_path: Path) -> None:
    poll = freeze(make_agenda_draft(meeting.region), meeting.region, tmp_path / "keys")
    with pytest.raises(EarlierAccountMayVote):
        meeting.decide(ClashDecision.TRANSFER)
    assert meeting.is_resident(meeting.earlier)
    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=meeting.region.id, poll_id=poll.id)
    meeting.decide(ClashDecision.TRANSFER)
    assert meeting.is_resident(meeting.later)


def _at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """What became of the acts: empty, or the code of the refusal."""
    start, outcomes = threading.Barrier(len(acts)), []

    def attempt(act: Callable[[], object]) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            try:
                with unit_of_work():
                    act()
                outcomes.append("")
            except (NotOnRoll, EarlierAccountMayVote) as refusal:
                outcomes.append(refusal.code)

    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return outcomes


@pytest.mark.postgres
@pytest.mark.parametrize("_race", range(8))
def test_a_ballot_and_a_transfer_at_once_never_make_two_ballots(
    app_with_connections: Flask, tmp_path: Path, _race: int
) -> None:
    """The earlier account, not on the roll yet, votes while its residency moves; then the later one votes."""
    app = app_with_connections
    with app.app_context(), unit_of_work():
        region = make_region()
        poll = freeze(make_agenda_draft(region), region, tmp_path / "keys")
        meeting = Meeting(region)
        target = Poll(region_id=region.id, id=poll.id)
        earlier, later = Actor(meeting.earlier.id, "earlier"), Actor(meeting.later.id, "later")
    outcomes = _at_once(app, lambda: cast(earlier, target, "tree"), lambda: meeting.decide(ClashDecision.TRANSFER))
    assert sorted(outcomes) in (["", "earlier_account_may_vote"], ["", "not_on_roll"]), outcomes
    _at_once(app, lambda: cast(later, target, "lamp"))
    with app.app_context():
        counts = [db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in (Envelope, Residency)]
    assert counts == [1, 1]


@pytest.mark.postgres
def test_a_transfer_waits_for_a_roll_that_is_being_made(app_with_connections: Flask, tmp_path: Path) -> None:
    """The earlier account gets onto the roll while its residency would move; then both could vote."""
    app, is_on_roll = app_with_connections, threading.Event()
    with app.app_context(), unit_of_work():
        region = make_region()
        draft = make_agenda_draft(region)
        meeting = Meeting(region)
        region_id, poll_id, earlier_id = region.id, draft.id, meeting.earlier.id

    def freezes() -> None:
        poll, here = db.session.get_one(Poll, (region_id, poll_id)), db.session.get_one(Region, region_id)
        freeze(poll, here, tmp_path / "keys")
        is_on_roll.set()
        time.sleep(1)

    def transfers() -> None:
        assert is_on_roll.wait(timeout=10)
        meeting.decide(ClashDecision.TRANSFER)

    assert sorted(_at_once(app, freezes, transfers)) == ["", "earlier_account_may_vote"]
    with app.app_context():
        assert db.session.get(Residency, (region_id, earlier_id)) is not None
