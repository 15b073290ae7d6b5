"""Quotes and drafts through pages, with htmx and as plain forms."""

from typing import Any
from urllib.parse import quote

from civicvote.domain.threads.models import Comment, CommentDraft
from civicvote.kernel import ids
from tests.factories.people import make_person
from tests.strict_client import StrictClient

HTMX = {"HX-Request": "true"}


def _box(browser: StrictClient) -> str:
    return str(browser.page.xpath("//textarea[@name='body']")[0].text or "").strip()


def test_a_quote_begins_the_reply_and_leads_back_to_what_was_said(sign_in: Any, talk: Any, say: Any) -> None:
    comment = say("신호가 **너무 짧습니다**. 할머니가 못 건너십니다.", author=make_person("박바다"))
    browser = sign_in(make_person())
    browser.get(talk.link(comment, "reply") + "?quote=1")
    assert _box(browser).startswith("> 신호가 **너무 짧습니다**.")
    browser.submit({"body": _box(browser) + "\n\n저도 그렇게 봅니다."}, button="답글 올리기")
    here = browser.page.xpath("//li[@aria-current='true']")[0]
    assert here.xpath("string(.//blockquote/p[1])") == "신호가 너무 짧습니다. 할머니가 못 건너십니다."
    link = here.xpath(".//blockquote//a")[0]
    assert link.text_content() == "박바다"
    browser.get(link.get("href"))
    assert "할머니가 못 건너십니다" in browser.text()


def test_only_what_the_comment_says_is_quoted_as_its_words(sign_in: Any, talk: Any, say: Any) -> None:
    comment = say("처음 문장입니다. 둘째 **문장**입니다.")
    browser = sign_in(make_person())
    address = talk.link(comment, "reply") + "?quote=1&passage="
    browser.get(address + quote("둘째 문장입니다."))
    assert _box(browser).startswith("> 둘째 문장입니다.\n")
    browser.get(address + quote("내가 지어낸 말"))
    assert _box(browser).startswith("> 처음 문장입니다.")


def test_what_is_typed_is_kept_and_here_again_and_gone_when_posted(
    sign_in: Any, count_queries: Any, talk: Any, say: Any
) -> None:
    say("말")
    person = make_person()
    browser = sign_in(person)
    browser.get(talk.page)
    token = browser.page.xpath("//form[@id='write-box']//input[@name='csrf_token']/@value")[0]
    data, address = {"csrf_token": token, "body": "쓰다 만 글", "stance": "for", "parent": ""}, f"{talk.address}/draft"
    with count_queries() as queries:
        note = browser.post(address, data=data, headers=HTMX)
    assert note.status_code == 200
    assert "임시 저장했습니다" in note.get_data(as_text=True)
    assert len(note.data) < 200
    assert len(queries) <= 6, queries
    elsewhere = sign_in(person)
    elsewhere.get(talk.page)
    assert _box(elsewhere) == "쓰다 만 글"
    assert elsewhere.page.xpath("//input[@name='stance' and @checked]/@value") == ["for"]
    assert "전에 쓰시던 글입니다" in elsewhere.text()
    elsewhere.submit({"body": "다 쓴 글"}, button="댓글 올리기")
    browser.get(talk.page)
    assert _box(browser) == ""


def test_without_scripts_a_button_keeps_it(sign_in: Any, talk: Any, say: Any) -> None:
    comment = say("말")
    browser = sign_in(make_person())
    for page, back in ((talk.page, talk.page), (talk.link(comment, "reply"), talk.link(comment))):
        browser.get(page)
        button = browser.page.xpath("//noscript//button[contains(., '임시 저장')]")[0]
        form = button.xpath("ancestor::form")[0]
        data = dict(form.form_values()) | {"body": "나중에 이어 쓸 글"}
        answer = browser.post(button.get("formaction"), data=data)
        assert answer.status_code == 303
        assert answer.headers["Location"].split("#")[0] == back
        browser.get(answer.headers["Location"])
        assert "임시 저장했습니다" in browser.text()
        assert _box(browser) == "나중에 이어 쓸 글"


def test_what_may_not_be_kept_is_said_in_the_line_below_the_box(sign_in: Any, talk: Any) -> None:
    browser = sign_in(make_person())
    browser.get(talk.page)
    token = browser.page.xpath("//form[@id='write-box']//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "body": "850101-1234567", "stance": "for"}
    refused = browser.post(f"{talk.address}/draft", data=data, headers=HTMX)
    assert refused.status_code == 422
    assert "field__error-text" in refused.get_data(as_text=True)
    assert "850101" not in refused.get_data(as_text=True)
    plain = browser.post(f"{talk.address}/draft", data=data)
    assert plain.status_code == 422
    assert _box(browser) == "850101-1234567"


def test_a_refused_comment_keeps_itself_once_htmx_has_shown_why(sign_in: Any, talk: Any) -> None:
    browser = sign_in(make_person())
    browser.get(talk.page)
    refused = browser.submit({"body": "가" * 3001, "stance": "for"}, button="댓글 올리기", htmx=True)
    assert 'hx-trigger="load, input changed delay:3s"' in refused.get_data(as_text=True)


def test_drafts_go_nowhere_where_nothing_can_be_said(sign_in: Any, session: Any, talk: Any, say: Any) -> None:
    comment = say("말")
    browser = sign_in(make_person())
    browser.get(talk.page)
    token = browser.page.xpath("//form[@id='write-box']//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "body": "글", "stance": "for"}
    made_up = ids.encode(comment.id + 1)
    assert browser.post(f"{talk.address}/draft", data=data | {"parent": made_up}).status_code == 404
    talk.end_round()
    assert browser.post(f"{talk.address}/draft", data=data, headers=HTMX).status_code == 409
    assert session.query(CommentDraft).count() == 0
    assert session.query(Comment).count() == 1
