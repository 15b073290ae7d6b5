"""Rating through pages: one form for all comments, with htmx and without, and for whom the buttons are there."""

from typing import Any

from civicvote.db import db
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.threads.models import CommentRating
from civicvote.domain.threads.services import set_comment_visibility
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility
from tests.factories.people import make_person
from tests.strict_client import StrictClient

HTMX = {"HX-Request": "true"}


def _press(browser: StrictClient, talk: Any, comment: Any, rating: str, *, htmx: bool = False) -> Any:
    token = browser.page.xpath("//form[@id='rate']//input[@name='csrf_token']/@value")[0]
    return browser.post(
        f"{talk.address}/ratings",
        data={"csrf_token": token, rating: ids.encode(comment.id)},
        headers=HTMX if htmx else {},
    )


def test_a_plain_button_rates_and_leads_to_the_comment(sign_in: Any, talk: Any, say: Any) -> None:
    comment = say("도움이 되는 말")
    browser = sign_in(make_person())
    browser.get(talk.page)
    button = browser.page.xpath("//button[@form='rate' and @name='helpful']")[0]
    assert button.get("value") == ids.encode(comment.id)
    assert " ".join(button.text_content().split()) == "도움이 됐습니다 0"
    answer = _press(browser, talk, comment, "helpful")
    assert answer.headers["Location"].endswith(f"{talk.link(comment)}#c-{ids.encode(comment.id)}")
    browser.get(answer.headers["Location"])
    pressed = browser.page.xpath("//button[@aria-pressed='true']")[0]
    assert " ".join(pressed.text_content().split()) == "도움이 됐습니다 1"
    assert pressed.get("name") == "none", "pressed again, it takes the rating back"
    _press(browser, talk, comment, "none")
    browser.get(talk.link(comment))
    assert not browser.page.xpath("//button[@aria-pressed='true']")


def test_htmx_gets_the_buttons_of_this_comment_and_nothing_else(sign_in: Any, talk: Any, say: Any) -> None:
    comment, _other = say("하나"), say("둘")
    browser = sign_in(make_person())
    browser.get(talk.page)
    fragment = _press(browser, talk, comment, "unhelpful", htmx=True).get_data(as_text=True)
    assert fragment.count("<button") == fragment.count(f'value="{ids.encode(comment.id)}"') == 2
    assert 'aria-pressed="true">아닙니다 <b>1</b>' in fragment
    assert "하나" not in fragment
    assert len(fragment) < 1200


def test_visitors_and_authors_see_the_numbers_only(client: StrictClient, sign_in: Any, talk: Any, say: Any) -> None:
    author = make_person()
    comment = say("말", author=author)
    reader = sign_in(make_person())
    reader.get(talk.page)
    _press(reader, talk, comment, "helpful")
    for browser in (client, sign_in(author)):
        browser.get(talk.page)
        assert not browser.page.xpath("//button[@form='rate']")
        assert "도움이 됐습니다 1 · 아닙니다 0" in browser.text()
    own = sign_in(author)
    own.get(talk.page)
    assert _press(own, talk, comment, "helpful").status_code == 409
    assert db.session.query(CommentRating).count() == 1


def test_what_is_hidden_closed_or_made_up_is_not_rated(sign_in: Any, talk: Any, say: Any) -> None:
    comment, gone = say("말"), say("숨길 말")
    set_comment_visibility(region_id=talk.region.id, comment_id=gone.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    browser = sign_in(make_person())
    browser.get(talk.page)
    assert _press(browser, talk, gone, "helpful").status_code == 409
    browser.get(talk.page)
    assert _press(browser, talk, comment, "wonderful").status_code == 400
    browser.get(talk.page)
    token = browser.page.xpath("//form[@id='rate']//input[@name='csrf_token']/@value")[0]
    talk.end_round()
    data = {"csrf_token": token, "helpful": ids.encode(comment.id)}
    assert browser.post(f"{talk.address}/ratings", data=data).status_code == 409
    browser.get(talk.link(comment))
    assert not browser.page.xpath("//button[@form='rate']")
    set_proposal_visibility(region_id=talk.region.id, proposal_id=talk.proposal.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    assert browser.post(f"{talk.address}/ratings", data=data).status_code == 404
    assert db.session.query(CommentRating).count() == 0
