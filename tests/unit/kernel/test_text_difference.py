"""Differences of texts: nothing lost, what stayed is recognised, and no pair of texts takes for ever."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from civicvote.kernel.text_difference import Change, Piece, differences

_TEXTS = st.text(alphabet="가나 b\n", max_size=40)


def _old(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)


def _new(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)


@given(_TEXTS, _TEXTS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert (_old(pieces), _new(pieces)) == (old, new)
    assert all(one.change is not other.change for one, other in pairwise(pieces))


def test_a_word_put_in_is_told_as_a_word() -> None:
    assert differences("공원 길이 어둡습니다.\n끝.", "공원 길이 밤에 어둡습니다.\n끝.") == [
        Piece(Change.SAME, "공원 길이 "),
        Piece(Change.ADDED, "밤에 "),
        Piece(Change.SAME, "어둡습니다.\n끝."),
    ]


def test_a_paragraph_of_a_long_text_is_compared_word_by_word() -> None:
    paragraphs = [f"{number}번째 문단은 길고 그대로입니다.\n" for number in range(300)]
    changed = [*paragraphs[:150], "이 문단은 짧습니다.\n", *paragraphs[151:]]
    pieces = differences("".join(paragraphs), "".join(changed))
    touched = [piece.text for piece in pieces if piece.change is not Change.SAME]
    assert sum(len(text) for text in touched) < 60


def test_texts_without_order_in_common_are_told_as_a_whole() -> None:
    """Fifty words forty times, backwards: the matcher would look at each repetition of each word, many times over."""
    words = [f"단{number:02d}" for number in range(50)] * 40
    pieces = differences("\n".join(words), "\n".join(words[::-1]))
    assert [piece.change for piece in pieces] == [Change.REMOVED, Change.ADDED]
