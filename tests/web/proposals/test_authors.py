"""Signing together through the pages: invite, open the mail, sign up or sign in, read, accept, edit, leave."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from civicvote.db import db
from civicvote.domain.proposals.models import CoAuthor, CoAuthorInvitation, Proposal
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.proposals.services_authors import accept_invitation, invite_co_author
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.visibility import Visibility
from civicvote.web.throttle import RATES, Limit
from tests.factories.files import photo
from tests.factories.mail import last_mail_to, link_in_last_mail
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import TITLE, make_many_proposals, make_proposal
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def author(session: Any) -> Any:
    return make_person("느티나무")


@pytest.fixture
def proposal(region: Region, author: Any) -> Proposal:
    made = make_proposal(make_round(region), author)
    db.session.commit()
    return made


def page(region: Region, proposal: Proposal, rest: str = "") -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}{rest}"


def sign_together(author: Any, proposal: Proposal, friend: Any) -> None:
    invite_co_author(actor=actor_for(author), slug="testville", proposal=proposal, email=friend.email)
    accept_invitation(actor=actor_for(friend), slug="testville", proposal=proposal)
    db.session.commit()


def test_an_invited_neighbour_reads_accepts_edits_and_leaves(
    app: Flask, sign_in: Any, client: StrictClient, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    browser, other = sign_in(author), sign_in(friend)
    browser.get(page(region, proposal, "/authors"))
    browser.submit({"email": friend.email}, button="초대 보내기")
    assert "초대를 보냈습니다" in browser.text()
    assert "새이웃" not in browser.text(), "the author learns no name before it is given"
    other.get("/me")
    assert "함께해 달라고 초대했습니다" in other.text()
    other.get(link_in_last_mail(app, friend.email))
    assert TITLE in other.text()
    assert other.page.xpath("//article//strong[text()='과속 방지턱']")
    other.submit(button="함께 제안하기")
    assert "공동 제안자가 되었습니다" in other.text()
    client.get(page(region, proposal))
    assert client.page.xpath("string(//ul[@class='meta']//b)") == "느티나무, 새이웃"
    other.get(page(region, proposal, "/edit"))
    other.submit({"title": "함께 고친 제목입니다"}, button="제출")
    assert "고친 내용을 저장했습니다" in other.text()
    client.get(page(region, proposal, "/versions"))
    assert "새이웃" in client.text()
    assert other.get(page(region, proposal, "/withdraw")).status_code == 403
    other.get("/me")
    assert "함께 제안한 제안" in other.text()
    other.get(page(region, proposal, "/authors"))
    assert "초대하기" not in other.text()
    other.submit(button="공동 제안에서 빠지기")
    client.get(page(region, proposal))
    assert client.page.xpath("string(//ul[@class='meta']//b)") == "느티나무"


def test_a_second_tap_and_an_old_mail_lead_to_the_proposal_that_is_signed(
    app: Flask, sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    invite_co_author(actor=actor_for(author), slug=region.slug, proposal=proposal, email=friend.email)
    db.session.commit()
    mail, first, second = link_in_last_mail(app, friend.email), sign_in(friend), sign_in(friend)
    for browser in (first, second):
        browser.get(mail)
    first.submit(button="함께 제안하기")
    for button in ("함께 제안하기", "사양하기"):
        answer = second.submit(button=button, follow=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, page(region, proposal))
    second.get(mail, follow_redirects=True)
    assert "이미 함께 제안하고 계십니다." in second.text()
    assert db.session.query(CoAuthor).one().state is CoAuthorState.ACCEPTED
    assert sign_in(make_person()).get(page(region, proposal, "/invitation")).status_code == 404


def test_a_stranger_to_the_site_gets_a_mail_that_leads_through_signing_up(
    app: Flask, sign_in: Any, client: StrictClient, region: Region, author: Any, proposal: Proposal
) -> None:
    browser = sign_in(author)
    browser.get(page(region, proposal, "/authors"))
    browser.submit({"email": "newcomer@example.org"}, button="초대 보내기")
    assert "느티나무" in last_mail_to(app, "newcomer@example.org")
    client.get(link_in_last_mail(app, "newcomer@example.org"))
    password = "조용한 저녁의 긴 문장"
    given = {"display_name": "새로 온 이", "email": "newcomer@example.org", "password": password, "agrees": "y"}
    client.submit(given, action="/account/sign-up")
    client.get(link_in_last_mail(app, "newcomer@example.org"))
    client.submit(button="이 계정으로 시작하기")
    assert "이 제안에 함께할까요?" in client.text()
    client.submit(button="사양하기")
    assert "초대를 사양했습니다" in client.text()
    browser.get(page(region, proposal, "/authors"))
    assert "사양함" in browser.text()


def test_the_answer_is_the_same_with_and_without_an_account(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend, texts = make_person("비밀스러운 이름"), []
    for email in (friend.email, "nobody@example.org"):
        browser = sign_in(author)
        browser.get(page(region, proposal, "/authors"))
        browser.submit({"email": email}, button="초대 보내기")
        texts.append(browser.text().replace(email, "…"))
        browser.submit(button="초대 취소")
    assert texts[0] == texts[1]


def test_a_refused_invitation_keeps_what_was_typed(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    browser = sign_in(author)
    browser.get(page(region, proposal, "/authors"))
    for typed in ("no address", author.email):
        answer = browser.submit({"email": typed}, button="초대 보내기")
        assert answer.status_code == 422
        assert browser.page.xpath("string(//input[@name='email']/@value)") == typed
        assert browser.page.xpath("//*[@id='error-summary']//a[@href='#email']")


def test_so_many_invitations_a_day(
    sign_in: Any, region: Region, author: Any, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = RATES[Limit.CO_AUTHOR]
    monkeypatch.setitem(RATES, Limit.CO_AUTHOR, type(rate)(1, rate.per, rate.reason))
    browser = sign_in(author)
    browser.get(page(region, proposal, "/authors"))
    browser.submit({"email": "one@example.org"}, button="초대 보내기")
    assert browser.submit({"email": "two@example.org"}, button="초대 보내기").status_code == 429
    assert db.session.query(CoAuthorInvitation).count() == 1


def test_only_the_author_takes_out_and_only_signers_see_the_page(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    sign_together(author, proposal, friend)
    assert sign_in(make_person()).get(page(region, proposal, "/authors")).status_code == 403
    assert sign_in(make_person()).get(page(region, proposal, "/invitation")).status_code == 404
    browser = sign_in(author)
    browser.get(page(region, proposal, "/authors"))
    browser.submit(button="새이웃 빼기")
    assert "공동 제안자에서 뺐습니다" in browser.text()
    assert db.session.query(CoAuthor).one().state is CoAuthorState.LEFT


@pytest.mark.parametrize("count", [60, 2000])
def test_what_one_signs_is_paged_and_costs_the_same(
    sign_in: Any, region: Region, author: Any, count_queries: Any, count: int
) -> None:
    friend = make_person()
    round_: Round = make_round(region)
    make_many_proposals(round_, author, count)
    for (proposal_id,) in db.session.query(Proposal.id):
        db.session.add(
            CoAuthor(
                region_id=region.id,
                proposal_id=proposal_id,
                person_id=friend.id,
                state=CoAuthorState.ACCEPTED,
                invited_at=clock.now(),
                answered_at=clock.now(),
            )
        )
    browser = sign_in(friend)
    with count_queries() as queries:
        browser.get("/me/signed")
    assert len(queries) <= 4, queries
    seen = browser.page.xpath("//p[@class='row__title']/a/@href")
    assert len(seen) == 20
    browser.get(browser.page.xpath("//a[@rel='next']/@href")[0])
    assert not set(seen) & set(browser.page.xpath("//p[@class='row__title']/a/@href"))


def test_a_co_author_changes_a_proposal_that_has_files_of_its_author(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    sign_together(author, proposal, friend)
    browser, other = sign_in(author), sign_in(friend)
    browser.get(page(region, proposal, "/edit"))
    chosen = [(BytesIO(photo()), name, "image/jpeg") for name in ("도서관.jpg", "건널목.jpg")]
    browser.submit({"files": chosen}, button="제출")
    other.get(page(region, proposal, "/edit"))
    thumbnails = other.page.xpath("//ul[@class='attachments']//img/@src")
    assert len(thumbnails) == 2
    for src in thumbnails:
        assert other.get(str(src)).status_code == 200, "the form shows what somebody else sent"
    other.get(page(region, proposal, "/edit"))
    first, second = other.page.xpath("//input[@name='upload']/@value")
    other.submit({f"caption-{second}": "건널목 앞"}, button="미리보기")
    previewed = other.page.xpath("//*[@class='gallery']//img/@src")
    assert len(previewed) == 2
    own = (BytesIO(photo(40, 40)), "나의 사진.jpg", "image/jpeg")
    other.submit({"title": "함께 고친 제목입니다", "drop": first, "files": [own]}, button="제출")
    assert "고친 내용을 저장했습니다" in other.text()
    stand = files_of_proposal(region.id, proposal.id)
    assert [(each.upload.sender_id, each.caption) for each in stand] == [(author.id, "건널목 앞"), (friend.id, "")]
    for src in previewed[1:]:
        assert other.get(str(src)).status_code == 200


def test_the_form_knows_no_files_of_other_proposals(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    sign_together(author, proposal, friend)
    elsewhere = make_proposal(db.session.get_one(Round, (region.id, proposal.round_id)), author)
    db.session.commit()
    browser, other = sign_in(author), sign_in(friend)
    browser.get(page(region, elsewhere, "/edit"))
    browser.submit({"files": [(BytesIO(photo()), "도서관.jpg", "image/jpeg")]}, button="제출")
    [foreign] = files_of_proposal(region.id, elsewhere.id)
    other.get(page(region, proposal, "/edit"))
    values = {
        str(each.get("name")): str(each.get("value") or "") for each in other.page.xpath("//input[@type='hidden']")
    }
    texts = {name: getattr(proposal, name) for name in ("title", "summary", "body", "place", "field_key")}
    answer = other.post(
        page(region, proposal, "/edit"), data={**values, **texts, "upload": ids.encode(foreign.upload.id)}
    )
    assert answer.status_code == 422
    assert files_of_proposal(region.id, proposal.id) == []


@pytest.mark.parametrize("visibility", [Visibility.WITHDRAWN, Visibility.HIDDEN])
def test_what_was_taken_away_shows_its_co_author_no_title_and_can_be_left(
    sign_in: Any, region: Region, author: Any, proposal: Proposal, visibility: Visibility
) -> None:
    friend = make_person("새이웃")
    sign_together(author, proposal, friend)
    browser = sign_in(friend)
    for address in ("/me", "/me/signed"):
        browser.get(address)
        assert TITLE in browser.text()
    set_proposal_visibility(region_id=proposal.region_id, proposal_id=proposal.id, visibility=visibility)
    db.session.commit()
    browser.get("/me")
    assert TITLE not in browser.page.xpath("string(//*[@id='signed-proposals'])")
    browser.get("/me/signed")
    assert TITLE not in browser.text()
    assert ("숨긴 제안입니다" if visibility is Visibility.HIDDEN else "제안자가 거둔 제안입니다") in browser.text()
    assert browser.submit(button="공동 제안에서 빠지기").status_code == 200
    assert "공동 제안에서 빠졌습니다" in browser.text()
    db.session.expire_all()
    assert db.session.query(CoAuthor).one().state is CoAuthorState.LEFT


def test_whoever_does_not_sign_it_cannot_leave_it(
    sign_in: Any, region: Region, author: Any, proposal: Proposal
) -> None:
    friend = make_person("새이웃")
    sign_together(author, proposal, friend)
    stranger = sign_in(make_person())
    stranger.get("/me")
    token = stranger.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = stranger.post(page(region, proposal, "/authors/leave"), data={"csrf_token": token})
    assert answer.status_code == 409
    assert db.session.query(CoAuthor).one().state is CoAuthorState.ACCEPTED
