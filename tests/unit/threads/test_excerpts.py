"""How long comments begin on pages that show many: within the room there is, whole words, no mark cut in two."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.threads.excerpts import LONGEST_REPLY, MOST_BYTES, beginnings
from civicvote.domain.threads.text import MAX_LENGTH
from civicvote.kernel.markup import render, text_of

SENTENCE = "출퇴근 시간마다 이 길을 지납니다. **어두워서** 사고가 날 뻔했습니다."
SHORT, LONG = render(SENTENCE), render((SENTENCE + "\n\n") * 60)
PLAIN = " ".join([SENTENCE.replace("**", "")] * 60)
FULL = "<p>" + "가" * MAX_LENGTH + "</p>"


def _shown(comments: list[tuple[int, str]]) -> int:
    """The bytes that a page shows of them."""
    pairs = zip(beginnings(comments), comments, strict=True)
    return sum(len((escape(begun) or body_html).encode()) for begun, (_depth, body_html) in pairs)


def test_what_people_usually_write_is_shown_whole() -> None:
    page = [(0, SHORT * 2)] * 20 + [(1, SHORT * 2)] * 60
    assert beginnings(page) == [""] * 80


def test_short_ones_stay_whole_and_the_long_ones_give_way() -> None:
    page = [(0, LONG)] * 20 + [(1, SHORT)] * 60
    begun = beginnings(page)
    assert begun[20:] == [""] * 60
    assert all(500 < len(each.encode()) <= 2 * LONGEST_REPLY + 4 for each in begun[:20])
    fewer = beginnings([(0, LONG)] * 20 + [(1, LONG)] * 60)
    assert len(fewer[0]) < len(begun[0]), "where everybody writes long, each shows less"
    assert 1.5 < len(fewer[0]) / len(fewer[20]) < 2.5, "a root has twice the room"


def test_a_page_full_of_the_longest_comments_stays_within_its_room() -> None:
    assert MOST_BYTES * 0.8 < _shown([(0, FULL)] * 20 + [(2, FULL)] * 60) <= MOST_BYTES


def test_a_beginning_ends_with_a_whole_word_and_has_no_marks() -> None:
    (begun,) = beginnings([(0, LONG)])
    assert begun.endswith(" …")
    assert PLAIN.startswith(begun.removesuffix(" …") + " ")


def test_words_without_a_space_are_cut_where_the_room_ends() -> None:
    (begun,) = beginnings([(1, FULL)])
    assert begun == "가" * (LONGEST_REPLY // 3) + " …"


def test_a_long_address_is_no_text() -> None:
    link = f"[여기](https://example.org/{'a' * 2800})"
    pages = [render(f"{link} 사진이 있습니다."), render(f"사진은 {link}")]
    begun = beginnings([(1, page * 3) for page in pages])
    assert "example" not in "".join(begun)
    assert begun[1].startswith("사진은 ")


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.text(alphabet="가나 a*_`[](<>&\"'\n#~-!", max_size=MAX_LENGTH)), max_size=80
    )
)
def test_a_beginning_is_what_the_text_says_first_and_nothing_else(texts: list[tuple[int, str]]) -> None:
    comments = [(depth, render(text)) for depth, text in texts]
    for (_depth, body_html), begun in zip(comments, beginnings(comments), strict=True):
        if begun:
            assert "".join(text_of(body_html).split()).startswith("".join(begun.removesuffix("…").split()))
    assert _shown(comments) <= MOST_BYTES
