"""Quotes: whose words, where they stand, and nothing that breaks out of the quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from civicvote.domain.threads.quotation import MOST_QUOTED, is_passage_of, plain_text, quotation
from civicvote.kernel.markup import clean_text, render

PATH = "/regions/gwangju/threads/1/comments/2#c-2"


def _rendered(markdown: str) -> html.HtmlElement:
    return html.fragment_fromstring(render(markdown), create_parent="div")


def test_a_quote_names_who_said_it_and_leads_there() -> None:
    page = _rendered(quotation("가로등이 **어둡습니다**.", "박바다", PATH) + "동의합니다.")
    assert [node.tag for node in page] == ["blockquote", "p"]
    assert page.xpath("string(blockquote/p[1])") == "가로등이 어둡습니다."
    assert page.xpath("string(blockquote/p[2])") == "— 박바다"
    assert page.xpath("blockquote//a/@href") == [PATH]
    assert page.xpath("string(p)") == "동의합니다."


def test_quotes_inside_a_quote_are_left_out() -> None:
    first = quotation("처음 한 말", "가", PATH) + "둘째 말"
    second = quotation(clean_text(first), "나", PATH)
    assert "처음 한 말" not in second
    assert "둘째 말" in second


def test_long_texts_are_cut_between_words() -> None:
    text = "나무가 많습니다 " * 100
    quoted = quotation(text, "가", PATH).split("\n")[0].removeprefix("> ")
    assert quoted.endswith("습니다 …") or quoted.endswith("나무가 …")
    assert len(quoted) <= MOST_QUOTED + 2


@pytest.mark.parametrize(
    "name", ["[x](https://evil.example)", "a](b", "*굵은*", "`코드`", "<b>이름</b>", "\\", "줄_이름_", "!["]
)
def test_a_name_is_only_a_name(name: str) -> None:
    page = _rendered(quotation("말", name, PATH))
    assert page.xpath("//a/@href") == [PATH]
    assert page.xpath("string(//a)") == name
    assert not page.xpath("//em | //strong | //code | //b")


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"], whitelist_characters="\n"), max_size=600))
def test_whatever_is_quoted_what_is_written_below_stands_outside(text: str) -> None:
    page = _rendered(quotation(clean_text(text), "가", PATH) + "아래에 쓴 말")
    assert page[0].tag == "blockquote"
    assert page[-1].tag == "p"
    assert page[-1].text_content() == "아래에 쓴 말"
    assert PATH in page.xpath("blockquote//a/@href")


def test_a_selected_passage_must_stand_in_the_comment() -> None:
    shown = plain_text(render("가로등이 **어둡습니다**. 밤에 &lt;무섭습니다&gt;.\n둘째 줄"))
    assert is_passage_of("어둡습니다.  밤에", shown)
    assert is_passage_of("<무섭습니다>.\n둘째", shown)
    assert not is_passage_of("밝습니다", shown)
    assert not is_passage_of("  ", shown)
