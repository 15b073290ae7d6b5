"""What is shown of a text, with its words marked."""

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.search.snippets import LENGTH, Marker, Pieces
from civicvote.domain.search.words import words_of


def _shown(pieces: Pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def test_words_are_marked_with_their_particles_left_out_and_their_spaces_in() -> None:
    assert _shown(Marker(words_of("공원을")).whole("공원에서 근린공원을 봅니다")) == "[공원]에서 근린[공원을] 봅니다"
    assert _shown(Marker(words_of("무단투기")).whole("무단 투기 자리")) == "[무단 투기] 자리"
    assert _shown(Marker(words_of("crossing")).whole("Safer Crossings, crossroads")) == "Safer [Crossings], crossroads"
    assert _shown(Marker(words_of("쓰래기")).whole("쓰레기 무게")) == "[쓰레기] 무게"


def test_a_snippet_begins_a_little_before_the_first_word() -> None:
    text = "앞에 긴 말이 있습니다. " * 20 + "그리고 느티나무가 서 있습니다. " + "뒤에도 긴 말이 있습니다. " * 20
    shown = _shown(Marker(words_of("느티나무")).snippet(text))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "[느티나무]가" in shown
    assert len(shown) <= LENGTH + len("…  …[]")


@given(st.text(max_size=300), st.text(alphabet="공원 쓰래기abc.*+?[]()\\", max_size=12))
def test_nothing_is_added_and_nothing_lost(text: str, typed: str) -> None:
    marker = Marker(words_of(typed))
    assert "".join(piece.text for piece in marker.whole(text)) == text
    line = " ".join(text.split())
    assert "".join(piece.text for piece in marker.snippet(text)).strip("… ") in line
