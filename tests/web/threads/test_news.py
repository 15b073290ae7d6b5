"""The light poll: one statement, no session, 204 or 304 while nothing is new, and nothing told of what is hidden."""

from typing import Any

import pytest

from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.services import set_comment_visibility
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility
from civicvote.web.access_table import ACCESS
from tests.factories.people import make_person
from tests.factories.talk import make_many_comments
from tests.strict_client import StrictClient

HTMX = {"HX-Request": "true"}


def test_nothing_new_costs_one_statement_and_no_body(
    client: StrictClient, sign_in: Any, count_queries: Any, session: Any, talk: Any, say: Any
) -> None:
    last = say("마지막 말")
    address = talk.news(last)
    for browser in (client, sign_in(make_person())):
        session.commit()
        with count_queries() as queries:
            answer = browser.get(address, headers=HTMX)
        assert (answer.status_code, answer.data) == (204, b"")
        assert len(queries) == 1, queries
        assert AccountSession.__tablename__ not in queries[0]
        assert "Set-Cookie" not in answer.headers


def test_something_new_costs_one_statement_too(
    client: StrictClient, count_queries: Any, session: Any, talk: Any, say: Any
) -> None:
    last = say("마지막 말")
    say("새 말 하나")
    say("새 말 둘", parent=last)
    say("새 말 셋")
    address = talk.news(last)
    session.commit()
    with count_queries() as queries:
        answer = client.get(address, headers=HTMX)
    assert len(queries) == 1, queries
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "새 댓글 2개 보기" in text
    assert "댓글 4개" in text, "the counts of the page are renewed with it"
    assert "새 말" not in text
    assert len(text) < 1500
    assert f'hx-get="{talk.address}/newer?since={ids.encode(last.id)}"' in text


def test_replies_alone_are_news_and_come_with_the_page(
    client: StrictClient, count_queries: Any, session: Any, talk: Any, say: Any
) -> None:
    last = say("마지막 말")
    reply = say("답 하나", parent=last)
    say("답의 답", parent=reply)
    address = talk.news(last)
    session.commit()
    with count_queries() as queries:
        answer = client.get(address, headers=HTMX)
    assert len(queries) == 1, queries
    text = answer.get_data(as_text=True)
    assert "새 답글이 2개 있습니다." in text
    assert "새 댓글" not in text
    assert f'href="{talk.address}"' in text
    assert client.get(talk.news(last) + "&own_replies=2", headers=HTMX).status_code == 204
    tag = HTMX | {"If-None-Match": answer.headers["ETag"]}
    assert client.get(talk.news(last), headers=tag).status_code == 304
    set_comment_visibility(region_id=talk.region.id, comment_id=reply.id, visibility=Visibility.HIDDEN)
    assert "새 답글이 1개" in client.get(talk.news(last), headers=tag).get_data(as_text=True)


def test_whoever_knows_the_numbers_is_told_304(client: StrictClient, talk: Any, say: Any) -> None:
    last = say("마지막 말")
    say("새 말")
    first = client.get(talk.news(last), headers=HTMX)
    tag = HTMX | {"If-None-Match": first.headers["ETag"]}
    again = client.get(talk.news(last), headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    say("또 새 말")
    assert client.get(talk.news(last), headers=tag).status_code == 200
    assert "no-store" not in first.headers["Cache-Control"]
    assert "no-cache" in first.headers["Cache-Control"]


def test_ones_own_comments_are_no_news(client: StrictClient, talk: Any, say: Any) -> None:
    last = say("마지막 말")
    say("내 말")
    assert client.get(talk.news(last) + "&own=1", headers=HTMX).status_code == 204
    say("남의 말")
    assert "새 댓글 1개" in client.get(talk.news(last) + "&own=1", headers=HTMX).get_data(as_text=True)
    assert client.get(talk.news(last) + "&own=-5", headers=HTMX).status_code == 200
    assert client.get(talk.news(last) + "&own=x", headers=HTMX).status_code == 200


def test_hidden_comments_are_no_news(client: StrictClient, talk: Any, say: Any) -> None:
    last = say("마지막 말")
    hidden = say("숨길 말")
    set_comment_visibility(region_id=talk.region.id, comment_id=hidden.id, visibility=Visibility.HIDDEN)
    assert client.get(talk.news(last), headers=HTMX).status_code == 204


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.WITHDRAWN])
def test_of_a_proposal_that_is_not_open_to_everybody_nothing_is_told(
    client: StrictClient, sign_in: Any, talk: Any, say: Any, visibility: Visibility
) -> None:
    author = make_person()
    say("말", author=author)
    set_proposal_visibility(region_id=talk.region.id, proposal_id=talk.proposal.id, visibility=visibility)
    for browser in (client, sign_in(author)):
        assert browser.get(talk.news(), headers=HTMX).status_code == 404
    assert client.get(f"/threads/{ids.encode(talk.region.id)}/123/new?since=0").status_code == 404


def test_of_a_round_that_is_not_announced_nothing_is_told(
    client: StrictClient, session: Any, talk: Any, say: Any
) -> None:
    say("말")
    session.query(Round).filter_by(id=talk.proposal.round_id).update({"state": RoundState.DRAFT})
    assert client.get(talk.news(), headers=HTMX).status_code == 404


def test_a_made_up_beginning_is_refused(client: StrictClient, talk: Any, say: Any) -> None:
    say("말")
    assert client.get(talk.news().replace("since=0", "since=!!"), headers=HTMX).status_code == 404
    assert client.get(talk.news().split("?")[0], headers=HTMX).status_code == 200


def test_opened_as_a_page_it_leads_to_the_newest_comments(client: StrictClient, talk: Any, say: Any) -> None:
    last = say("마지막 말")
    assert client.get(talk.news(last)).headers["Location"] == f"{talk.address}?order=newest"
    say("새 말")
    client.get(talk.news(last), follow_redirects=True)
    assert "새 말" in client.text()


def test_only_this_door_knows_nobody() -> None:
    assert [endpoint for endpoint, access in ACCESS.items() if access.knows_nobody] == ["thread_news.news"]


def test_the_new_ones_come_to_the_top_and_the_notice_begins_anew(client: StrictClient, talk: Any, say: Any) -> None:
    first = say("처음 말")
    say("새 말 하나")
    say("새 말 둘")
    fragment = client.get(f"{talk.address}/newer?since={ids.encode(first.id)}", headers=HTMX).get_data(as_text=True)
    assert fragment.index("새 말 둘") < fragment.index("새 말 하나")
    assert "처음 말" not in fragment
    assert 'id="news"' in fragment
    assert 'hx-swap-oob="true"' in fragment
    plain = client.get(f"{talk.address}/newer?since={ids.encode(first.id)}")
    assert plain.headers["Location"] == f"{talk.address}?order=newest"


def test_the_page_asks_from_the_moment_it_was_made(client: StrictClient, talk: Any, say: Any) -> None:
    say("말")
    client.get(talk.page)
    box = client.page.xpath("//*[@id='news']")[0]
    assert client.get(box.get("hx-get"), headers=HTMX).status_code == 204
    say("새 말")
    assert "새 댓글 1개" in client.get(box.get("hx-get"), headers=HTMX).get_data(as_text=True)


def test_the_poll_costs_the_same_in_a_long_thread(client: StrictClient, count_queries: Any, talk: Any) -> None:
    for roots in (1, 1500):
        make_many_comments(talk.thread, make_person(), roots=roots, replies_each=1)
        address = talk.news()
        with count_queries() as queries:
            text = client.get(address, headers=HTMX).get_data(as_text=True)
        assert len(queries) == 1
    assert "새 댓글 99개 보기" in text
    assert "새 답글이 99개" in text
