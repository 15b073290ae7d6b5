"""How nearly the typed words are looked for: a bounded question, whatever was typed."""

from civicvote.domain.findable.matching import Every, Holds, Some, Wanted
from civicvote.domain.search.closeness import close_to
from civicvote.domain.search.words import words_of


def _leaves(wanted: Wanted) -> int:
    if isinstance(wanted, Holds):
        return 1
    assert isinstance(wanted, Every | Some)
    return sum(_leaves(part) for part in wanted.parts)


def test_a_word_as_long_as_a_query_asks_no_more_than_it_has_sounds() -> None:
    (word,) = words_of("공원" * 49 + "쌔")
    assert _leaves(close_to(word)) < 400


def test_a_word_of_usual_length_may_have_its_mistake_at_any_place() -> None:
    (word,) = words_of("횡단보드")
    assert isinstance(close_to(word), Some)
