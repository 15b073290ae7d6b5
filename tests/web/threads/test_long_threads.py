"""A long thread costs what a short one costs: statements, and bytes of the first view."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.rating import rank_of
from civicvote.kernel import ids
from tests.factories.people import make_person
from tests.factories.talk import make_many_comments
from tests.strict_client import StrictClient

#: About a hundred characters, two sentences: what people write.
SENTENCES = "<p>" + "출퇴근 시간마다 이 길을 지납니다. 어두워서 사고가 날 뻔한 적이 여러 번 있었습니다. " * 2 + "</p>"
#: As much as a comment holds, in marks and blocks: three bytes a character, and words without a space.
LONGEST = "<p>" + "<strong>출퇴근</strong> 시간마다 이 길을 지납니다. " * 90 + "</p>\n<p>" + "가" * 1000 + "</p>"
MOST_BYTES = 120 * 1024
MOST_STATEMENTS = 12


def _fill(talk: Any, roots: int, body_html: str = SENTENCES) -> None:
    """``roots`` with four replies each; every third root is ranked."""
    make_many_comments(talk.thread, make_person("오래된이웃"), roots=roots, replies_each=4)
    own = (Comment.thread_id == talk.thread.id, Comment.depth == 0)
    db.session.execute(sa.update(Comment).where(Comment.thread_id == talk.thread.id).values(body_html=body_html))
    for place, root in enumerate(db.session.scalars(sa.select(Comment).where(*own).order_by(Comment.id)).all()):
        if place % 3 == 0:
            root.up_count, root.down_count = 5 + place % 40, place % 7
            root.rank = rank_of(root.up_count, root.down_count, is_visible=True)
    db.session.commit()


def _addresses(talk: Any, browser: StrictClient) -> dict[str, str]:
    """First page, a middle page and a permalink."""
    middle = db.session.scalars(
        sa.select(Comment.id).where(Comment.thread_id == talk.thread.id, Comment.depth == 0).order_by(Comment.id)
    ).all()
    place = middle[len(middle) // 2]
    addresses = {order: f"{talk.page}?order={order}" for order in ("helpful", "newest", "discussed")}
    browser.get(talk.page)
    addresses["second page"] = browser.page.xpath("//a[contains(., '댓글 더 보기')]/@href")[0]
    addresses["around"] = f"{talk.address}?order=newest&around={ids.encode(place)}"
    addresses["permalink"] = f"{talk.address}/comments/{ids.encode(place)}"
    reply = db.session.scalars(sa.select(Comment.id).where(Comment.parent_id == place).order_by(Comment.id)).all()[2]
    addresses["permalink of a reply"] = f"{talk.address}/comments/{ids.encode(reply)}"
    addresses["poll"] = talk.news()
    return addresses


def _costs(browser: StrictClient, talk: Any, count_queries: Any) -> dict[str, int]:
    found = {}
    for name, address in _addresses(talk, browser).items():
        db.session.commit()
        with count_queries() as queries:
            answer = browser.get(address, headers={"HX-Request": "true"} if name == "poll" else {})
        assert answer.status_code == 200
        found[name] = len(queries)
    return found


def _post(browser: StrictClient, talk: Any, count_queries: Any) -> int:
    browser.get(talk.page)
    db.session.commit()
    with count_queries() as queries:
        browser.submit({"body": "저도 그렇습니다.", "stance": "for"}, button="댓글 올리기", follow=False)
    return len(queries)


@pytest.mark.parametrize("who", ["visitor", "signed in"])
def test_ten_thousand_comments_cost_the_statements_of_a_hundred(
    client: StrictClient, sign_in: Callable[..., StrictClient], count_queries: Any, talk: Any, who: str
) -> None:
    browser = client if who == "visitor" else sign_in(make_person())
    costs, posts = [], []
    for roots in (22, 1_980):  # 110 comments, then 10,010
        _fill(talk, roots)
        costs.append(_costs(browser, talk, count_queries))
        if who != "visitor":
            posts.append(_post(browser, talk, count_queries))
    assert costs[0] == costs[1]
    assert max(costs[1].values()) <= MOST_STATEMENTS, costs[1]
    assert len(set(posts)) <= 1
    assert all(number <= 12 for number in posts), posts


@pytest.mark.parametrize("body_html", [SENTENCES, LONGEST], ids=["two sentences", "as much as fits"])
@pytest.mark.parametrize("who", ["visitor", "signed in"])
def test_the_first_view_of_a_long_thread_stays_small(
    client: StrictClient, sign_in: Callable[..., StrictClient], talk: Any, who: str, body_html: str
) -> None:
    browser = client if who == "visitor" else sign_in(make_person())
    _fill(talk, 40, body_html)
    for address in (talk.page, talk.address, f"{talk.page}?order=newest"):
        size = len(browser.get(address).data)
        assert size < MOST_BYTES, f"{address}: {size:,} bytes"
    replies = browser.page.xpath("//ol[@id='comments']/li/ol/li[contains(@class, 'comment--')]")
    assert len(replies) == 60, "all the replies that a first view shows are in it"


def test_a_long_comment_begins_in_the_list_and_goes_on_on_its_own_page(
    client: StrictClient, talk: Any, say: Any
) -> None:
    end = "여기서 끝납니다."
    posted = say("가로등이 **어둡습니다**. " * 150 + end)
    client.get(talk.page)
    text = client.page.xpath("//ol[@id='comments']//*[contains(@class, 'comment__text')]")[0]
    assert text.text_content().strip().startswith("가로등이 어둡습니다. 가로등이")
    assert end not in text.text_content()
    assert not text.xpath(".//strong")
    (link,) = text.xpath(".//a[text()='이어서 읽기']/@href")
    assert link.startswith(talk.link(posted))
    client.get(link)
    whole = client.page.xpath("//*[contains(@class, 'comment--here')]//*[contains(@class, 'comment__text')]")[0]
    assert end in whole.text_content()
    assert len(whole.xpath(".//strong")) == 150
    assert "이어서 읽기" not in client.text()
