"""Issue 4: merging never counts a supporter twice, and undo restores exactly, whatever people do in whatever order.

The machine plays against a picture of what must hold: each person's own support, proposal by proposal, and which one is
merged into which. Everything else follows from it: a leading proposal is supported by its own people and by those of
everything merged into it. An undo only takes the edge away, so that the two are again what their people made of them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals import services_uniting
from civicvote.domain.proposals.models import Endorsement, Follow, Merge, Proposal
from civicvote.domain.proposals.services import (
    endorse,
    set_proposal_state,
    set_proposal_visibility,
    withdraw_endorsement,
    withdraw_proposal,
)
from civicvote.domain.proposals.services_following import follow, unfollow
from civicvote.domain.proposals.services_merging import consent_to_merge, refuse_merge, undo_merge
from civicvote.domain.proposals.states import MergeState, ProposalState
from civicvote.domain.rounds.models import RoundPhase
from civicvote.kernel import clock
from civicvote.kernel.errors import Refusal
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.merges import suggest
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal
from tests.factories.time_travel import at

PROPOSALS, PEOPLE = 4, 2
WHICH = st.integers(0, PROPOSALS - 1)
WHO = st.integers(0, PEOPLE - 1)
#: What comes between, the final things seldom: what is withdrawn or on a ballot is not merged any more.
ELSE = ["withdraw", "hide", *["show"] * 3, "ballot", *["off"] * 4, *["day"] * 6, "week"]
REASON = "다른 곳의 이야기였습니다."

#: person → when they gave it, by proposal: what people did themselves.
Own = dict[int, dict[int, datetime]]


class Merging(RuleBasedStateMachine):
    """Residents, four authors and a moderator around four proposals that all say nearly the same."""

    done: ClassVar[Counter[str]] = Counter()
    proposals: ClassVar[list[Proposal]]
    people: ClassVar[list[Person]]
    authors: ClassVar[list[Person]]
    moderator: ClassVar[Person]
    opening: ClassVar[datetime]

    def __init__(self) -> None:
        super().__init__()
        self.run = db.session.begin_nested()
        self.now = self.opening
        self.endorsed: Own = defaultdict(dict)
        self.followed: Own = defaultdict(dict)
        self.into: dict[int, int] = {}

    def teardown(self) -> None:
        self.run.rollback()
        db.session.expire_all()

    def attempt(self, name: str, act: Callable[[], Any]) -> Any:
        """What a request does: all of it, or nothing and a refusal."""
        self.now += timedelta(minutes=1)
        before = db.session.begin_nested()
        with at(self.now):
            try:
                result = act()
            except Refusal:
                before.rollback()
                return None
        before.commit()
        self.done[name] += 1
        return result

    # ---- what must hold ----

    def below(self, proposal_id: int) -> list[int]:
        children = [each for each, leading in self.into.items() if leading == proposal_id]
        return [proposal_id, *(one for child in children for one in self.below(child))]

    def supporters(self, own: Own, proposal_id: int) -> set[int]:
        return {person for each in self.below(proposal_id) for person in own[each]}

    @invariant()
    def everybody_counts_once_and_nobody_is_lost(self) -> None:
        db.session.expire_all()
        for kind, own in ((Endorsement, self.endorsed), (Follow, self.followed)):
            rows: dict[int, dict[int, Any]] = defaultdict(dict)
            for row in db.session.scalars(sa.select(kind)):
                rows[row.proposal_id][row.person_id] = row
            for proposal in self.proposals:
                found = rows[proposal.id]
                assert found.keys() == self.supporters(own, proposal.id)
                themselves = {person: row.created_at for person, row in found.items() if row.merge_id is None}
                assert themselves == own[proposal.id]
                if kind is Endorsement:
                    assert proposal.endorsement_count == len(found)

    @invariant()
    def states_say_what_is_merged(self) -> None:
        for proposal in self.proposals:
            assert proposal.merged_into_id == self.into.get(proposal.id)
            assert (proposal.state is ProposalState.MERGED) == (proposal.id in self.into)
        holding = db.session.scalars(sa.select(Merge).where(Merge.state == MergeState.MERGED))
        assert {merge.merged_id: merge.leading_id for merge in holding} == self.into

    # ---- what people do ----

    @initialize(given=st.sets(st.tuples(WHO, WHICH), min_size=2))
    def begin(self, given: set[tuple[int, int]]) -> None:
        for who, which in sorted(given):
            self._give(endorse, self.endorsed, who, which)
            self._give(follow, self.followed, who, which)

    @rule(who=WHO, which=WHICH, follows=st.booleans())
    def support(self, who: int, which: int, follows: bool) -> None:
        if follows:
            self._give(follow, self.followed, who, which)
        else:
            self._give(endorse, self.endorsed, who, which)

    def _give(self, act: Any, own: Own, who: int, which: int) -> None:
        person, proposal = self.people[who], self.proposals[which]
        given = self.attempt(act.__name__, lambda: act(actor=actor_for(person), proposal=proposal))
        if given is not None:
            assert given == (person.id not in self.supporters(own, proposal.id))
        if given:
            own[proposal.id][person.id] = self.now

    @rule(who=WHO, which=WHICH, follows=st.booleans())
    def take_back(self, who: int, which: int, follows: bool) -> None:
        person, proposal = self.people[who], self.proposals[which]
        if follows:
            self.attempt("unfollow", lambda: unfollow(actor=actor_for(person), proposal=proposal))
            self._forget(self.followed, self._root(proposal.id), person.id)
            return
        taken = self.attempt("take back", lambda: withdraw_endorsement(actor=actor_for(person), proposal=proposal))
        if taken is not None:
            assert taken == (person.id in self.supporters(self.endorsed, proposal.id))
            self._forget(self.endorsed, proposal.id, person.id)

    def _root(self, proposal_id: int) -> int:
        return self._root(self.into[proposal_id]) if proposal_id in self.into else proposal_id

    def _forget(self, own: Own, leading: int, person_id: int) -> None:
        for each in self.below(leading):
            own[each].pop(person_id, None)

    @rule(one=WHICH, other=WHICH, by_moderator=st.booleans())
    def suggest(self, one: int, other: int, by_moderator: bool) -> None:
        person = self.moderator if by_moderator else self.authors[one]
        self._note_merge(
            self.attempt("suggest", lambda: suggest(person, self.proposals[one], self.proposals[other])),
        )

    @rule(one=WHICH, others=st.sets(WHICH, min_size=2))
    def merge_at_a_table(self, one: int, others: set[int]) -> None:
        """All their authors agree on the spot, so that runs get far."""
        for other in sorted(others):
            self._note_merge(self.attempt("merge", lambda other=other: self._agree(one, other)))  # type: ignore[misc]

    def _agree(self, one: int, other: int) -> Merge:
        made = suggest(self.authors[one], self.proposals[one], self.proposals[other])
        return consent_to_merge(actor=actor_for(self.authors[other]), region_id=made.region_id, merge_id=made.id)

    def _note_merge(self, merge: Merge | None) -> None:
        if merge is not None and merge.state is MergeState.MERGED:
            self.into[merge.merged_id] = merge.leading_id

    def _merges(self) -> list[Merge]:
        return list(db.session.scalars(sa.select(Merge).order_by(Merge.id)))

    @rule(which=st.integers(0, 5), author=WHICH, agrees=st.booleans())
    def answer(self, which: int, author: int, agrees: bool) -> None:
        name, act = ("consent", consent_to_merge) if agrees else ("refuse", refuse_merge)
        self._answer(name, act, which, self.authors[author])

    def _answer(self, name: str, act: Any, which: int, person: Person) -> None:
        waiting = [merge for merge in self._merges() if merge.state is MergeState.PROPOSED]
        if waiting:
            made = waiting[which % len(waiting)]
            self._note_merge(
                self.attempt(name, lambda: act(actor=actor_for(person), region_id=made.region_id, merge_id=made.id))
            )

    @rule(which=st.integers(0, 5), author=st.sampled_from([*range(PROPOSALS), None, None, None]))
    def undo(self, which: int, author: int | None) -> None:
        holding = [merge for merge in self._merges() if merge.state is MergeState.MERGED]
        if not holding:
            return
        made = holding[which % len(holding)]
        person = self.moderator if author is None else self.authors[author]
        undone = self.attempt(
            "undo",
            lambda: undo_merge(actor=actor_for(person), region_id=made.region_id, merge_id=made.id, reason=REASON),
        )
        if undone is not None:
            del self.into[made.merged_id]

    @rule(
        which=WHICH,
        what=st.sampled_from(ELSE),
    )
    def let_something_else_happen(self, which: int, what: str) -> None:
        proposal = self.proposals[which]
        match what:
            case "withdraw":
                self._withdraw(which)
            case "hide" | "show" if proposal.visibility is not Visibility.WITHDRAWN:
                seen = Visibility.HIDDEN if what == "hide" else Visibility.VISIBLE
                self.attempt(
                    what,
                    lambda: set_proposal_visibility(
                        region_id=proposal.region_id, proposal_id=proposal.id, visibility=seen
                    ),
                )
            case "ballot" if proposal.state is ProposalState.SUBMITTED:
                self._set_state(proposal, ProposalState.ON_BALLOT)
            case "off" if proposal.state is ProposalState.ON_BALLOT:  # only here: no ballot is ever taken apart
                self._set_state(proposal, ProposalState.SUBMITTED)
            case "day" | "week":
                self.now += timedelta(days=1 if what == "day" else 8)

    def _withdraw(self, which: int) -> None:
        proposal = self.proposals[which]
        self.attempt("withdraw", lambda: withdraw_proposal(actor=actor_for(self.authors[which]), proposal=proposal))
        if proposal.visibility is Visibility.WITHDRAWN:
            self.into = {each: leading for each, leading in self.into.items() if leading != proposal.id}

    @staticmethod
    def _set_state(proposal: Proposal, state: ProposalState) -> None:
        set_proposal_state(region_id=proposal.region_id, proposal_ids=[proposal.id], state=state)


def _play(session: Session, runs: int, stages: Sequence[Stage] = (Stage.generate, Stage.shrink)) -> None:
    region = make_region()
    round_ = make_round(region)
    session.execute(sa.delete(RoundPhase).where(RoundPhase.round_id == round_.id, RoundPhase.phase != Phase.DISCOVERY))
    end = clock.now() + timedelta(days=10_000)
    session.execute(sa.update(RoundPhase).where(RoundPhase.round_id == round_.id).values(ends_at=end))
    session.expire_all()
    Merging.opening = clock.now() + timedelta(days=1)
    Merging.authors = [make_person() for _ in range(PROPOSALS)]
    Merging.proposals = [make_proposal(round_, author) for author in Merging.authors]
    Merging.people = [make_person() for _ in range(PEOPLE)]
    Merging.moderator = make_officer(region.id, Role.MODERATOR)
    Merging.done.clear()
    session.flush()
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=stages,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_acts_counts_anybody_twice_or_loses_anybody(
    session: Session, request: pytest.FixtureRequest
) -> None:
    on_sqlite = request.config.getoption("--database") == "sqlite"
    runs = 60 if on_sqlite else 12  # where every statement crosses a socket
    _play(session, runs)
    acts = ("endorse", "follow", "take back", "unfollow", "suggest", "merge", "undo")
    assert all(Merging.done[act] >= runs // 5 for act in acts if on_sqlite), Merging.done
    assert min(Merging.done["merge"], Merging.done["undo"]) > 0, Merging.done


def _keep_below(_region_id: int, _proposal_id: int) -> list[int]:
    """Support is taken back from the leading proposal only."""
    return []


def _give_all_back(kind: Any, merge: Merge) -> int:
    """An undo forgets who also supports another one that stays merged."""
    carried = sa.delete(kind).where(kind.proposal_id == merge.leading_id, kind.merge_id == merge.id)
    gone = db.session.execute(carried.execution_options(synchronize_session=False))
    db.session.expire_all()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _give_nothing_back(_kind: Any, _merge: Merge) -> int:
    return 0


@pytest.mark.either
@pytest.mark.parametrize(
    ("rule_name", "mutant"),
    [("merged_below", _keep_below), ("_give_back", _give_all_back), ("_give_back", _give_nothing_back)],
    ids=["taken back above only", "given back too much", "given back nothing"],
)
def test_a_machine_with_a_broken_rule_is_caught(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    rule_name: str,
    mutant: Any,
) -> None:
    monkeypatch.setattr(services_uniting, rule_name, mutant)
    with pytest.raises(AssertionError):
        _play(session, 100, stages=[Stage.generate])
