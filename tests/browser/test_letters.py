"""A letter from the clerk's list onto paper and into a phone, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

LIST = (
    "이름,생년월일,주소\n"
    '{name},1958-03-07,"(61740) 광주광역시 남구 봉선로 1, 봉선아파트 101동 1503호"\n'
    "김하나,1982-05-01,(61005) 광주광역시 북구 우치로 2\n"
)


@pytest.mark.parametrize("way", [{"width": 360}, {"width": 1280, "prefix": "/en"}], ids=["phone", "desktop-english"])
def test_a_letter_is_printed_one_a_sheet_and_entered(way: dict[str, Any], visitor: Any, tmp_path: Path) -> None:
    name = "홍길동" if way["width"] == 360 else "Gildong Hong"
    listed = tmp_path / "list.csv"
    listed.write_text(LIST.format(name=name), encoding="cp949")
    clerk = visitor(**way)
    clerk.sign_in("clerk")
    clerk.go("/regions/gwangju/letters")
    clerk.follow("/letters/list")
    clerk.page.set_input_files("input[name=people]", listed)
    clerk.page.fill("input[name=reason]", "휴대전화가 없는 주민")
    clerk.press("main form button.button--primary")
    assert clerk.page.locator("[data-print]").is_visible()
    number, code = clerk.page.locator("article").first.locator("dd").all_inner_texts()

    clerk.page.emulate_media(media="print")
    clerk.page.set_viewport_size({"width": 794, "height": 1123})
    letter = clerk.page.locator("article").first
    sheet, window = letter.bounding_box(), letter.locator(".letter__to").bounding_box()
    millimetre = 96 / 25.4
    assert round(sheet["width"] / millimetre) == 210
    left, top = ((window[side] - sheet[side]) / millimetre for side in ("x", "y"))
    assert 20 <= left < left + window["width"] / millimetre <= 105
    assert 45 <= top < top + window["height"] / millimetre <= 90
    for part in (".letters-report", ".site-header", ".site-footer"):
        assert not clerk.page.locator(part).is_visible(), part
    letter_end = letter.locator(".letter__body").bounding_box()
    foot = letter.locator(".letter__foot").bounding_box()
    assert letter_end["y"] + letter_end["height"] <= foot["y"], "nothing lies on top of something else"
    clerk.page.pdf(path=tmp_path / "letters.pdf", prefer_css_page_size=True)
    with pikepdf.open(tmp_path / "letters.pdf") as paper:
        assert len(paper.pages) == 2

    resident = visitor(**way)
    resident.sign_in("newcomer")
    resident.go("/regions/gwangju/letters/enter")
    typed = {"number": number, "letter_code": "00000-00000", "legal_name": name, "born_on": "1958. 3. 7."}
    for field, text in typed.items():
        resident.page.fill(f"input[name={field}]", text)
    resident.press("main form button.button--primary")
    assert resident.page.locator("#error-summary").is_visible()
    resident.page.fill("input[name=letter_code]", code.lower().replace("-", " "))
    resident.press("main form button.button--primary")
    assert re.search(r"/me$", resident.page.url)
    resident.examine()
