"""A proposal from the first words to the second version: it keeps itself, waits on My page, is signed by two."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ProposalDraft
from tests.browser.conftest import Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]
SUMMARY = "정류장에 그늘이 없어 여름이면 어르신들이 서 계시기 힘듭니다."
BODY = "동네 앞 정류장에는 지붕이 없습니다.\n\n햇빛 가리개와 의자 두 개가 필요합니다.\n\n겨울에는 바람도 막아 줍니다."


def open_form(visitor: Visitor) -> None:
    visitor.settle_in("gwangju")
    visitor.open_round()
    visitor.press("main a[href$='/proposals']")
    visitor.follow("/proposals/new")


def rows(visitor: Visitor, kind: Any, title: str) -> list[Any]:
    with visitor.site.app.app_context():
        return list(db.session.scalars(sa.select(kind).where(kind.title == title).order_by(kind.id)))


def keep(visitor: Visitor) -> None:
    """With scripts it keeps itself a moment after the last key; without them the button does."""
    if visitor.has_javascript:
        expect(visitor.page.locator(".draft-line")).to_have_text(re.compile(r"\d\d:\d\d"), timeout=10_000)
        visitor.settle()
    else:
        visitor.press("button[value=draft]")


def submit(visitor: Visitor) -> None:
    """From the preview; where something alike is shown first, this one is meant all the same."""
    visitor.press(".preview button[value=submit]")
    if "/new" in visitor.page.url and visitor.page.locator("button[value=submit]").count():
        visitor.press("button[value=submit]")


@pytest.mark.parametrize("way", WAYS)
def test_a_proposal_keeps_itself_and_is_signed_by_two(visitor: Any, way: dict[str, Any], request: Any) -> None:
    title = f"정류장에 햇빛 가리개를 {request.node.callspec.id}"
    author: Visitor = visitor(**way)
    open_form(author)
    author.page.locator("#title").press_sequentially(title, delay=5)
    author.page.locator("#body").press_sequentially("동네 앞", delay=5)
    if author.has_javascript:
        focused = author.page.evaluate("document.activeElement.id")
        keep(author)
        assert author.page.evaluate("document.activeElement.id") == focused == "body", "a save moves no focus"
        assert author.page.locator(".counter").first.is_visible()
    else:
        keep(author)
    assert [draft.body for draft in rows(author, ProposalDraft, title)] == ["동네 앞"]
    author.go("/me")  # no question is asked: everything is kept
    author.press("#my-drafts a.button--secondary")
    assert author.page.input_value("#title") == title
    author.page.fill("#summary", SUMMARY)
    author.page.locator("#field_key").select_option(index=2)
    author.page.fill("#body", BODY)
    author.press("button[value=preview]")
    submit(author)
    assert author.page.locator("h1").inner_text() == title
    assert rows(author, ProposalDraft, title) == []
    here = author.page.url.removeprefix(author.site.address).removeprefix(author.prefix)
    invite(author, here)
    friend: Visitor = visitor(**way)
    accept(friend, here)
    friend.go(f"{here}/edit")
    friend.page.fill("#body", BODY.replace("의자 두 개", "의자 네 개"))
    friend.press("main form button[value=submit]")
    compare(visitor(**way), here)
    assert [proposal.version for proposal in rows(author, Proposal, title)] == [2]


def invite(author: Visitor, here: str) -> None:
    author.go(f"{here}/authors")
    author.page.fill("#email", "resident@example.org")
    author.press("main form:has(#email) button")
    assert author.page.get_by_text("resident@example.org").is_visible()


def accept(friend: Visitor, here: str) -> None:
    friend.sign_in("resident")
    friend.go("/me")
    friend.follow(f"{here.rsplit('/', 1)[1]}/invitation")
    friend.press("button[value=accept]")
    assert ", " in friend.page.locator(".page-head .meta b").inner_text()


def compare(reader: Visitor, here: str) -> None:
    reader.go(f"{here}/versions")
    assert "두" in reader.page.locator("del").last.inner_text()
    assert "네" in reader.page.locator("ins").last.inner_text()
    folded = reader.page.locator("details.fold")
    assert folded.count() == 2
    folded.first.locator("summary").click()
    assert reader.page.get_by_text("지붕이 없습니다").is_visible()


def test_two_windows_keep_both_texts(visitor: Any) -> None:
    first: Visitor = visitor(width=360)
    open_form(first)
    first.page.locator("#title").press_sequentially("두 창에서 쓰는 글", delay=5)
    keep(first)
    key = first.page.locator("input[name=draft]").get_attribute("value")
    window = first.context.new_page()
    window.goto(f"{first.site.address}/regions/gwangju/drafts/{key}")
    window.fill("#body", "둘째 창에서 이어 쓴 글입니다.")
    expect(window.locator("input[name=draft_revision]")).to_have_value("2", timeout=10_000)
    first.page.locator("#body").press_sequentially("첫째 창의 글", delay=5)
    expect(first.page.locator(".draft-line a")).to_be_visible(timeout=10_000)
    first.settle()
    bodies = {draft.body for draft in rows(first, ProposalDraft, "두 창에서 쓰는 글")}
    assert bodies == {"둘째 창에서 이어 쓴 글입니다.", "첫째 창의 글"}


def test_a_lost_connection_is_said_in_the_line_and_saved_later(visitor: Any) -> None:
    writer: Visitor = visitor(width=360)
    open_form(writer)
    writer.page.locator("#title").press_sequentially("끊긴 사이에 쓴 글", delay=5)
    writer.context.set_offline(True)
    expect(writer.page.locator(".draft-line--wrong")).to_be_visible(timeout=10_000)
    assert writer.page.evaluate("document.activeElement.id") == "title"
    assert writer.page.locator("#messages .notice").count() == 0
    writer.context.set_offline(False)
    writer.problems.clear()  # the browser wrote to the console that it was offline
    writer.page.locator("#title").press_sequentially("입니다", delay=5)
    expect(writer.page.locator(".draft-line--wrong")).to_have_count(0, timeout=10_000)
    assert rows(writer, ProposalDraft, "끊긴 사이에 쓴 글입니다")
