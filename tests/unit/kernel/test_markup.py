"""Residents' text: Korean emphasis, and nothing that acts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it.parser_inline import ParserInline

from civicvote.kernel.markup import ControlCharacters, _make_renderer, _renderer, clean_text, render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('**"강조"**입니다', '<p><strong>"강조"</strong>입니다</p>'),
        ('그는**"강조"**라고', '<p>그는<strong>"강조"</strong>라고</p>'),
        ("**공원**에서 *쉼터*를", "<p><strong>공원</strong>에서 <em>쉼터</em>를</p>"),
        ("**(가칭)**은", "<p><strong>(가칭)</strong>은</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("가 ** 나 ** 다", "<p>가 ** 나 ** 다</p>"),
        ("**bold**ly and snake_case_name", "<p><strong>bold</strong>ly and snake_case_name</p>"),
        ('***"강조"***입니다', '<p><em><strong>"강조"</strong></em>입니다</p>'),
        ('__"강조"__입니다', '<p><strong>"강조"</strong>입니다</p>'),
        ("_‘쉼터’_를", "<p><em>‘쉼터’</em>를</p>"),
        ('~~"취소"~~입니다', '<p><s>"취소"</s>입니다</p>'),
        ("한글_이름_목록과 스네이크_케이스_이름", "<p>한글_이름_목록과 스네이크_케이스_이름</p>"),
        ('**"가" *"나"*도**요', '<p><strong>"가" <em>"나"</em>도</strong>요</p>'),
        ("**(가칭)**市", "<p><strong>(가칭)</strong>市</p>"),
        ("**50%**를 **60%**로", "<p><strong>50%</strong>를 <strong>60%</strong>로</p>"),
        ("**[안내](/how)**입니다", '<p><strong><a href="/how" rel="nofollow noopener ugc">안내</a></strong>입니다</p>'),
        ("**`코드`**와", "<p><strong><code>코드</code></strong>와</p>"),
        (
            "[**“안내”**는](/how) 여기",
            '<p><a href="/how" rel="nofollow noopener ugc"><strong>“안내”</strong>는</a> 여기</p>',
        ),
        ("**중요:**꼭 **오세요!**라고", "<p><strong>중요:</strong>꼭 <strong>오세요!</strong>라고</p>"),
        ("가**나** 다**라", "<p>가<strong>나</strong> 다**라</p>"),
        ("**띄움 **입니다", "<p>**띄움 **입니다</p>"),
        ("빈칸 ____의 ____", "<p>빈칸 ____의 ____</p>"),
    ],
)
def test_emphasis_closes_before_korean_particles(source: str, expected: str) -> None:
    assert render(source).strip() == expected


_HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
_WORD = st.text(_HANGUL, min_size=1, max_size=4)
_PARTICLES = st.sampled_from(["은", "는", "이", "가", "을", "를", "에서", "으로", "입니다", "이라고", "도"])
_CLOSING = st.sampled_from([*"\"'”’」』〉》)]}!?.,:;%…", "", "。", "!?", '."', "」)", "㎡", "👍"])
_MARKS = st.sampled_from(["*", "**", "***", "_", "__", "~~"])
_TAGS_OF = {"*": "em", "**": "strong", "_": "em", "__": "strong", "~~": "s"}


@given(_MARKS, _WORD, _CLOSING, _PARTICLES)
def test_whatever_stands_before_the_closing_marks_a_particle_may_follow(
    marks: str, word: str, closing: str, particle: str
) -> None:
    page = html.fragment_fromstring(render(f"{marks}{word}{closing}{marks}{particle}"))
    tags = ["em", "strong"] if marks == "***" else [_TAGS_OF[marks]]
    assert [node.tag for node in page.iter()][1:] == tags
    assert page.xpath(f"string(//{tags[-1]})") == word + closing
    assert page.text_content() == word + closing + particle


@given(_WORD, st.sampled_from(["*", "**"]), st.sampled_from([*"\"'“‘「『〈《([{"]), _WORD, _CLOSING, _PARTICLES)
def test_behind_a_korean_word_marks_open_before_a_quotation_mark(
    before: str, marks: str, opening: str, word: str, closing: str, particle: str
) -> None:
    page = html.fragment_fromstring(render(f"{before}{marks}{opening}{word}{closing}{marks}{particle}"))
    assert page.xpath(f"string(//{_TAGS_OF[marks]})") == opening + word + closing
    assert page.text_content() == before + opening + word + closing + particle


@given(st.lists(st.tuples(_WORD, _CLOSING, _PARTICLES), min_size=2, max_size=5))
def test_several_in_a_sentence_do_not_run_into_each_other(parts: list[tuple[str, str, str]]) -> None:
    text = " ".join(f"**{word}{closing}**{particle}" for word, closing, particle in parts)
    page = html.fragment_fromstring(render(text))
    assert page.xpath("//strong/text()") == [word + closing for word, closing, _particle in parts]


@given(st.lists(_WORD, min_size=2, max_size=5))
def test_underscores_within_a_korean_name_are_underscores(parts: list[str]) -> None:
    assert render("_".join(parts)).strip() == f"<p>{'_'.join(parts)}</p>"


@given(st.text("가나는을*_~\"'.()[]`\\ \n", max_size=40))
def test_no_letter_is_lost_whatever_the_marks(source: str) -> None:
    shown = html.fragment_fromstring(render(source), create_parent="div").text_content()
    assert re.sub("[^가나는을]", "", shown) == re.sub("[^가나는을]", "", source)


_STANDARD = _make_renderer(ParserInline())


@given(st.text("ab1*_~\"'.()[]!`\\ -\n\u3000é", max_size=60))
def test_without_a_korean_letter_beside_the_marks_all_is_as_the_standard_has_it(source: str) -> None:
    """The library is tested against CommonMark's own examples; what it does with a text, we do."""
    assert _renderer.render(source) == _STANDARD.render(source)


@pytest.mark.parametrize(
    "source",
    # Inputs of section 6.2 of the CommonMark specification 0.31.2 (rules 1 to 17, where they differ in kind).
    [
        "*foo bar*", "a * foo bar*", 'a*"foo"*', "* a *", "foo*bar*", "5*6*78", "_foo bar_", "_ foo bar_", 'a_"foo"_',
        "foo_bar_", "5_6_78", 'aa_"bb"_cc', "foo-_(bar)_", "_foo*", "*foo bar *", "*(*foo)", "*(*foo*)*", "*foo*bar",
        "_foo bar _", "_(_foo)", "_(_foo_)_", "_foo_bar", "_foo_bar_baz_", "_(bar)_.", "**foo bar**", "** foo bar**",
        'a**"foo"**', "foo**bar**", "__foo bar__", "__ foo bar__", 'a__"foo"__', "foo__bar__", "5__6__78",
        "__foo, __bar__, baz__", "foo-__(bar)__", "**foo bar **", "**(**foo)", "*(**foo**)*", '**foo "*bar*" foo**',
        "**foo**bar", "__foo bar __", "__(__foo)", "_(__foo__)_", "__foo__bar", "__foo__bar__baz__", "__(bar)__.",
        "*foo **bar** baz*", "*foo**bar**baz*", "*foo**bar*", "***foo** bar*", "*foo **bar***", "*foo**bar***",
        "foo***bar***baz", "foo******bar*********baz", "** is not an empty emphasis", "**foo*bar**baz*", "foo ***",
        "foo *\\**", "foo **_**", "**foo*", "*foo**", "***foo**", "****foo*", "**foo***", "*foo****", "***foo***",
        "*foo _bar* baz_", "*foo __bar *baz bim__ bam*", "**foo **bar baz**", "*foo *bar baz*", "*[bar*](/url)",
        '**<a href="**">', "*a `*`*", "**a<https://foo.bar/?q=**>",
    ],
)  # fmt: skip
def test_examples_of_the_standard_are_as_the_standard_has_them(source: str) -> None:
    assert _renderer.render(source) == _STANDARD.render(source)


def test_what_is_struck_out_is_not_told_as_said() -> None:
    assert render("~~50만 원~~ 60만 원").strip() == "<p><s>50만 원</s> 60만 원</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        '<a href="https://evil.example" onclick="x()">x</a>',
        "<div hx-get='/account/sign-out' hx-trigger='load'>",
        "<style>body{display:none}</style>",
        "<svg/onload=alert(1)>",
    ],
)
def test_hostile_text_becomes_inert(hostile: str) -> None:
    html = render(hostile).lower()
    for tag in ("<script", "<img", "<svg", "<style", "<div", 'href="javascript', 'href="data'):
        assert tag not in html
    assert "<a onclick" not in html


def test_links_are_marked_as_not_ours() -> None:
    assert 'rel="nofollow noopener ugc"' in render("[시청](https://city.example/)")


def test_a_line_break_stays_one() -> None:
    assert "<br" in render("첫 줄\n둘째 줄")


def test_text_is_normalised_and_trimmed() -> None:
    assert clean_text("  \u1100\u1161\r\n나 ") == "가\n나"
    assert clean_text("abc\u202edef") == "abcdef"


def test_control_characters_are_refused() -> None:
    with pytest.raises(ControlCharacters):
        clean_text("ab\x00c")
