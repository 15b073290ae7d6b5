"""Similar proposals: found in other words, silent about what has nothing to do with it, and never what readers can't
see. The pairs were stored before the rules were made; see ``benchmarks/similar``."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.similar.corpus import HELD_OUT, TUNING, many_texts, read_distractors, read_pairs, store
from benchmarks.similar.recall import recall_of
from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.queries_similar import similar_to_proposal, similar_to_texts
from civicvote.domain.proposals.services import edit_proposal, set_proposal_visibility, withdraw_proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal
from tests.plans import plan_of

ASKED = {"title": "도서관 앞에 건널목을 만들어 주세요", "summary": "아이들이 찻길을 그냥 건넙니다."}


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.mark.parametrize("part", [HELD_OUT, TUNING])
def test_the_earlier_proposal_is_among_the_first_five(round_: Round, part: str) -> None:
    pairs = read_pairs()
    texts = [each.earlier for each in pairs] + read_distractors()
    stored = store(round_.region_id, round_.id, make_person().id, texts)
    names = dict(zip((each.name for each in pairs), stored, strict=False))
    asked = [each for each in pairs if each.part == part and each.languages != "en-ko"]
    recall = recall_of(round_.region_id, asked, names)
    assert len(asked) >= 25
    assert recall.share >= 0.85, recall.missed


@pytest.mark.parametrize(
    "text",
    [
        "asdf qwer zxcv",
        "안녕하세요 반갑습니다 잘 부탁드립니다",
        "Buy cheap watches online now",
        "우리 회사 신제품 출시 이벤트에 참여하세요",
        "=HYPERLINK('x')\x1f%_'\"; --",
        "",
        "   ",
        "👍👍👍👍",
    ],
)
def test_what_has_nothing_to_do_with_it_brings_nothing(round_: Round, text: str) -> None:
    store(round_.region_id, round_.id, make_person().id, read_distractors()[:120])
    assert similar_to_texts(round_.region_id, title=text) == []


def test_a_region_with_no_proposals_has_no_similar_ones(region: Region) -> None:
    assert similar_to_texts(region.id, **ASKED) == []


def test_hidden_and_withdrawn_proposals_and_other_regions_stay_out(round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    other_region = make_round(make_region())
    make_proposal(other_region)
    assert [each.id for each in similar_to_texts(round_.region_id, **ASKED)] == [proposal.id]
    set_proposal_visibility(region_id=round_.region_id, proposal_id=proposal.id, visibility=Visibility.HIDDEN)
    assert similar_to_texts(round_.region_id, **ASKED) == []
    set_proposal_visibility(region_id=round_.region_id, proposal_id=proposal.id, visibility=Visibility.VISIBLE)
    withdraw_proposal(actor=actor_for(author), proposal=proposal)
    assert similar_to_texts(round_.region_id, **ASKED) == []


def test_an_edit_changes_what_a_proposal_is_similar_to(round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    edit_proposal(
        actor=actor_for(author),
        proposal=proposal,
        based_on=1,
        field_key="safety",
        title="경로당 점심을 매일 차려 주세요",
        summary="혼자 사는 어르신이 끼니를 거르십니다.",
        body="쌀은 나오는데 밥해 줄 사람이 없습니다. 조리 도우미를 보내 주십시오.",
    )
    assert similar_to_texts(round_.region_id, **ASKED) == []
    found = similar_to_texts(
        round_.region_id, title="노인정 식사를 늘려 주십시오", summary="독거노인 급식이 부족합니다."
    )
    assert [each.id for each in found] == [proposal.id]


def test_what_was_merged_leads_to_the_proposal_that_leads(round_: Round) -> None:
    leading = make_proposal(
        round_, title="학교 앞 신호등", summary="신호등이 필요합니다. 꼭요.", body="차가 많습니다. " * 4
    )
    merged = make_proposal(round_)
    merged.merged_into_id, merged.state = leading.id, ProposalState.MERGED
    db.session.flush()
    assert [each.id for each in similar_to_texts(round_.region_id, **ASKED)] == [leading.id]


def test_what_was_merged_into_a_merged_one_leads_to_the_end_of_the_line(
    round_: Round, count_queries: Callable[..., Any]
) -> None:
    root, middle = (
        make_proposal(round_, title=f"{place} 신호등", summary="신호등이 필요합니다. 꼭요.") for place in "가나"
    )
    merged = make_proposal(round_)
    for each, into in ((merged, middle), (middle, root)):
        each.merged_into_id, each.state = into.id, ProposalState.MERGED
    db.session.flush()
    with count_queries() as counted:
        found = similar_to_texts(round_.region_id, **ASKED)
    assert [(each.id, each.state) for each in found] == [(root.id, ProposalState.SUBMITTED)]
    assert len(counted) == 3
    assert similar_to_proposal(merged) == [], "where it led is no other proposal"
    set_proposal_visibility(region_id=round_.region_id, proposal_id=root.id, visibility=Visibility.HIDDEN)
    assert similar_to_texts(round_.region_id, **ASKED) == []


def test_a_proposal_is_not_similar_to_itself(round_: Round) -> None:
    first, second = make_proposal(round_), make_proposal(round_)
    assert [each.id for each in similar_to_proposal(first)] == [second.id]


def test_the_same_dong_helps_a_little(round_: Round) -> None:
    far, near = make_proposal(round_), make_proposal(round_)
    db.session.get_one(Proposal, (far.region_id, far.id)).district_code = "1111051500"
    near.district_code = "1111053000"
    db.session.flush()
    for district, first in (("1111051500", far), ("1111053000", near)):
        found = similar_to_texts(round_.region_id, **ASKED, district_code=district)
        assert found[0].id == first.id
        assert len(found) == 2


def test_three_statements_however_many_proposals(round_: Round, count_queries: Callable[..., Any]) -> None:
    author = make_person()
    for count in (60, 1_940):
        store(round_.region_id, round_.id, author.id, many_texts(count))
        with count_queries() as counted:
            found = similar_to_texts(round_.region_id, **ASKED)
        assert len(found) == 5
        assert len(counted) == 3


def test_a_text_as_long_as_a_form_takes_is_asked_in_three_statements(
    round_: Round, count_queries: Callable[..., Any]
) -> None:
    store(round_.region_id, round_.id, make_person().id, read_distractors())
    every = " ".join(f"{each.title} {each.summary}" for each in read_distractors())
    with count_queries() as counted:
        similar_to_texts(round_.region_id, title=every[:120], summary=every[:200], body=every[:8000])
    assert len(counted) == 3


def test_no_statement_goes_through_the_marks_or_the_proposals_of_the_region(round_: Round) -> None:
    """A planner that could join the region's proposals with themselves once did: seconds for each pause in typing."""
    store(round_.region_id, round_.id, make_person().id, many_texts(400))
    db.session.connection().exec_driver_sql("ANALYZE")
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    similar_to_texts(round_.region_id, **ASKED)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert len(seen) == 3
    by_key = {"sqlite": r"\(region_id=\? AND (mark|id)=\?", "postgresql": r"Index Cond: .*\b(mark|id)\b.* = ANY"}
    for each in seen:
        plan = plan_of(*each)
        assert re.search(by_key[db.session.connection().dialect.name], plan), plan
