"""The pure rules of proposals: what they may say, what comes next, how versions are compared."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.proposals.errors import ProposalTextTooLong, ProposalTextTooShort
from civicvote.domain.proposals.next_step import NextStep, next_step
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.schedule import Span
from civicvote.kernel.personal_data import PersonalNumber
from civicvote.kernel.phases import Phase
from civicvote.kernel.text_difference import Change, differences, passages

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = {
    "title": "횡단보도 설치",
    "summary": "아이들이 위험하게 길을 건넙니다.",
    "body": "도서관 앞길에 횡단보도가 필요합니다. 아이들이 다칩니다.",
    "place": "",
}


def test_texts_are_cleaned_and_titles_stay_on_one_line() -> None:
    texts = clean_texts(**{**GOOD, "title": " 횡단보도\n설치 ", "place": " 중앙로 "})
    assert (texts.title, texts.place) == ("횡단보도 설치", "중앙로")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": "짧다"}, ProposalTextTooShort),
        ({"title": "가" * 121}, ProposalTextTooLong),
        ({"body": "가" * 8001}, ProposalTextTooLong),
        ({"summary": "제 번호는 850101-1234567 입니다."}, PersonalNumber),
    ],
)
def test_a_text_out_of_bounds_is_refused_by_its_field(change: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        clean_texts(**{**GOOD, **change})
    assert refused.value.field == next(iter(change))  # type: ignore[attr-defined]


PHASES = [
    Span(Phase.AGENDA_VOTE, NOW + 10 * DAY, NOW + 20 * DAY),
    Span(Phase.MATCHING, NOW + 20 * DAY, NOW + 30 * DAY),
]


@pytest.mark.parametrize(
    ("state", "moment", "step", "at"),
    [
        (ProposalState.SUBMITTED, NOW, NextStep.AGENDA_VOTE_OPENS, NOW + 10 * DAY),
        (ProposalState.ON_BALLOT, NOW + 11 * DAY, NextStep.AGENDA_VOTE_RUNS, NOW + 20 * DAY),
        (ProposalState.SUBMITTED, NOW + 11 * DAY, NextStep.AWAITS_OUTCOME, None),
        (ProposalState.ON_BALLOT, NOW + 20 * DAY, NextStep.AWAITS_OUTCOME, None),
        (ProposalState.SELECTED, NOW, NextStep.BECOMES_PROJECT, NOW + 20 * DAY),
        (ProposalState.NOT_SELECTED, NOW, NextStep.ENDED, None),
    ],
)
def test_the_next_step_follows_state_and_schedule(
    state: ProposalState, moment: datetime, step: NextStep, at: datetime | None
) -> None:
    upcoming = next_step(state, PHASES, moment)
    assert (upcoming.step, upcoming.at) == (step, at)


def test_a_round_without_votes_names_no_date() -> None:
    assert next_step(ProposalState.SUBMITTED, [], NOW).step is NextStep.AWAITS_OUTCOME
    assert next_step(ProposalState.SELECTED, [], NOW).at is None


WORDS = st.lists(st.sampled_from(["횡단보도", "신호등", "설치", "가", "\n"]), max_size=30).map(" ".join)


@given(WORDS, WORDS)
def test_the_pieces_of_a_comparison_rebuild_both_texts(old: str, new: str) -> None:
    pieces = differences(old, new)
    rebuilt_old = "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)
    rebuilt_new = "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)
    assert (rebuilt_old.split(), rebuilt_new.split()) == (old.split(), new.split())


def test_one_changed_word_is_one_change() -> None:
    pieces = differences("도서관 앞 횡단보도 설치", "도서관 앞 신호등 설치")
    assert [(piece.change, piece.text.strip()) for piece in pieces] == [
        (Change.SAME, "도서관 앞"),
        (Change.REMOVED, "횡단보도"),
        (Change.ADDED, "신호등"),
        (Change.SAME, "설치"),
    ]


def test_paragraphs_that_stayed_are_one_passage_and_changed_ones_stand_alone() -> None:
    old = "하나.\n\n둘.\n\n셋 넷.\n\n다섯."
    new = "하나.\n\n둘.\n\n셋 여섯.\n\n다섯."
    found = passages(differences(old, new))
    assert [(each.is_changed, each.paragraphs) for each in found] == [(False, 2), (True, 1), (False, 1)]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_paragraph_that_came_or_went_leaves_its_neighbours_folded(at: int) -> None:
    old = ["하나 하나.", "둘 둘."]
    new = [*old[:at], "새 문단.", *old[at:]]
    for first, second in ((old, new), (new, old)):
        found = passages(differences("\n\n".join(first), "\n\n".join(second)))
        assert [each.paragraphs for each in found if each.is_changed] == [1]
        assert sum(each.paragraphs for each in found if not each.is_changed) == 2


@settings(max_examples=500)
@given(st.text(alphabet="가나다 .\n", max_size=80), st.text(alphabet="가나다 .\n", max_size=80))
def test_passages_hold_every_word_of_both_texts_in_order(old: str, new: str) -> None:
    found = passages(differences(old, new))
    for gone, text in ((Change.ADDED, old), (Change.REMOVED, new)):
        blocks = ["".join(piece.text for piece in each.pieces if piece.change is not gone) for each in found]
        assert "\n".join(blocks).split() == text.split()
