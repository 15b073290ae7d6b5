"""Threads through their pages, with htmx and as plain forms."""

from datetime import timedelta
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import comment_on_proposal, set_proposal_visibility
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Comment, CommentRevision
from civicvote.domain.threads.services import set_comment_visibility
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_comments, make_proposal, thread_of
from tests.factories.voices import make_voice
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def proposal(region: Region) -> Proposal:
    made = make_proposal(make_round(region), make_person("제안자"))
    db.session.commit()
    return made


def _page(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def _thread(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/threads/{ids.encode(proposal.thread_id)}"


def _say(region: Region, proposal: Proposal, author: Person, body: str, parent: Comment | None = None) -> Comment:
    made = comment_on_proposal(
        actor=actor_for(author),
        slug=region.slug,
        proposal=proposal,
        thread=thread_of(proposal),
        body=body,
        parent_id=parent.id if parent else None,
    )
    db.session.commit()
    return made


def _link(region: Region, comment: Comment, action: str = "") -> str:
    thread = f"/regions/{region.slug}/threads/{ids.encode(comment.thread_id)}"
    return f"{thread}/comments/{ids.encode(comment.id)}{'/' + action if action else ''}"


def test_a_plain_form_posts_and_leads_to_the_permalink(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_person("박바다"))
    browser.get(_page(region, proposal))
    answer = browser.submit({"body": "저도 **찬성**합니다.", "stance": "for"}, button="댓글 올리기", follow=False)
    comment = db.session.query(Comment).one()
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"{_link(region, comment)}#c-{ids.encode(comment.id)}")
    browser.get(answer.headers["Location"])
    assert "박바다" in browser.text()
    assert "찬성" in browser.text()
    browser.get(_page(region, proposal))
    assert "댓글 1개" in browser.text()


def test_htmx_inserts_the_comment_and_updates_the_counts(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    fragment = browser.submit({"body": "반대합니다.", "stance": "against"}, button="댓글 올리기", htmx=True)
    text = fragment.get_data(as_text=True)
    assert 'hx-swap-oob="afterbegin:#comments"' in text
    assert 'id="thread-counts" hx-swap-oob="true"' in text
    assert "댓글 1개" in text
    assert "반대합니다." in text
    assert text.count("<textarea") == 1
    assert ">반대합니다.</textarea>" not in text


def test_a_refused_comment_keeps_its_text_with_the_message_beside(
    sign_in: Any, region: Region, proposal: Proposal
) -> None:
    browser = sign_in(make_person())
    for htmx in (True, False):
        browser.get(_page(region, proposal))
        answer = browser.submit({"body": "가" * 3001, "stance": "for"}, button="댓글 올리기", htmx=htmx)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "3000자까지" in text
        assert "가" * 3001 in text
        assert ("<html" in text) is not htmx
    assert db.session.query(Comment).count() == 0


def test_a_reply_is_written_on_its_own_page_or_below_the_comment(
    sign_in: Any, region: Region, proposal: Proposal
) -> None:
    root = _say(region, proposal, make_person("첫사람"), "첫 댓글")
    browser = sign_in(make_person())
    browser.get(_link(region, root, "reply"))
    assert "첫사람 님에게 답글 쓰기" in browser.text()
    browser.submit({"body": "답합니다."}, button="답글 올리기")
    assert "첫 댓글" in browser.text()
    assert "답합니다." in browser.text()
    form = browser.get(_link(region, root, "reply"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in form
    browser.get(_link(region, root, "reply"))
    inserted = browser.submit({"body": "또 답합니다."}, button="답글 올리기", htmx=True).get_data(as_text=True)
    assert f'hx-swap-oob="beforeend:#r-{ids.encode(root.id)}"' in inserted
    assert "<form" not in inserted


def test_the_page_shows_three_replies_and_loads_the_rest_by_key(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    make_many_comments(thread_of(proposal), make_person(), roots=1, replies_each=30)
    db.session.commit()
    client.get(_page(region, proposal))
    assert len(client.page.xpath("//ol[@id='comments']/li/ol/li[contains(@class,'comment')]")) == 3
    more = client.page.xpath("//a[contains(., '답글 27개 더 보기')]/@hx-get")[0]
    fragment = client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.count('class="comment comment--1"') == 20
    client.get(more)
    assert len(client.page.xpath("//li[contains(@class,'comment--1')]")) == 20
    rest = client.page.xpath("//a[contains(., '답글 더 보기')]/@href")[0]
    client.get(rest)
    assert len(client.page.xpath("//li[contains(@class,'comment--1')]")) == 7


def test_roots_beyond_the_first_page_are_behind_a_link(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    make_many_comments(thread_of(proposal), make_person(), roots=25, replies_each=0)
    db.session.commit()
    client.get(_page(region, proposal))
    more = client.page.xpath("//a[contains(., '댓글 더 보기')]/@href")[0]
    client.get(more)
    assert len(client.page.xpath("//ol[@id='comments']/li[contains(@class,'comment')]")) == 5
    fragment = client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.count('<li class="comment"') == 5


def test_the_permalink_shows_what_is_answered(client: StrictClient, region: Region, proposal: Proposal) -> None:
    root = _say(region, proposal, make_person(), "처음 한 말")
    reply = _say(region, proposal, make_person(), "답한 말", root)
    deeper = _say(region, proposal, make_person(), "다시 답한 말", reply)
    client.get(_link(region, deeper))
    assert client.text().index("처음 한 말") < client.text().index("답한 말") < client.text().index("다시 답한 말")
    other = make_proposal(make_round(make_region()))
    db.session.commit()
    assert client.get(f"/regions/{region.slug}/threads/{ids.encode(other.thread_id)}").status_code == 404


def test_the_threads_own_page_leads_to_the_answers_above_it(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    thread = _thread(region, proposal)
    answers = f"{_page(region, proposal)}#voices"
    make_voice(proposal, VoiceKind.EXPERT_OPINION)
    db.session.commit()
    client.get(thread)
    assert not client.page.xpath(f"//a[@href='{answers}']")
    make_voice(proposal, VoiceKind.SUMMARY)
    db.session.commit()
    client.get(thread)
    assert client.page.xpath(f"//a[@href='{answers}']")
    client.get(_page(region, proposal))
    assert client.page.xpath("//*[@id='voices']")


def test_an_edit_is_silent_at_first_and_public_later(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    author = make_person()
    comment = _say(region, proposal, author, "오타가 잇는 댓글")
    browser = sign_in(author)
    browser.get(_link(region, comment, "edit"))
    browser.submit({"body": "오타가 있는 댓글"}, button="고친 내용 저장")
    client.get(_link(region, comment))
    assert "달라진 곳" not in client.text()
    with clock.frozen_at(clock.now() + timedelta(minutes=20)):
        browser.get(_link(region, comment, "edit"))
        fragment = browser.submit({"body": "오타가 없는 댓글"}, button="고친 내용 저장", htmx=True)
        assert f'id="t-{ids.encode(comment.id)}"' in fragment.get_data(as_text=True)
        client.get(_link(region, comment))
        assert "달라진 곳" in client.text()
        assert "있는" in client.page.xpath("string(//del)")
    with clock.frozen_at(clock.now() + timedelta(hours=24)):
        browser.get(_link(region, comment, "edit"))
        assert browser.submit({"body": "하루 뒤"}, button="고친 내용 저장").status_code == 422
        assert "24시간 안에만" in browser.text()


def test_a_withdrawn_comment_leaves_a_placeholder_and_its_replies(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    author = make_person()
    root = _say(region, proposal, author, "거둘 댓글")
    _say(region, proposal, make_person(), "남을 답글", root)
    browser = sign_in(author)
    browser.get(_link(region, root, "withdraw"))
    browser.submit(button="댓글 거두기")
    client.get(_page(region, proposal))
    assert "거둘 댓글" not in client.text()
    assert "작성자가 거둔 댓글입니다" in client.text()
    assert "남을 답글" in client.text()
    assert "댓글 1개" in client.text()


def test_a_hidden_comment_is_read_by_its_author_and_moderators_only(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    author, moderator = make_person(), make_officer(region.id, Role.MODERATOR)
    comment = _say(region, proposal, author, "숨길 말")
    set_comment_visibility(region_id=region.id, comment_id=comment.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    client.get(_page(region, proposal))
    assert "숨길 말" not in client.text()
    assert "운영 규칙을 어겨" in client.text()
    stranger = sign_in(make_person())
    stranger.get(_link(region, comment))
    assert "숨길 말" not in stranger.text()
    for reader in (author, moderator):
        browser = sign_in(reader)
        browser.get(_page(region, proposal))
        assert "숨길 말" in browser.text()


def test_officers_speak_with_their_role_beside_the_name(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    _say(region, proposal, make_officer(region.id, Role.MODERATOR, name="이관리"), "안내드립니다.")
    client.get(_page(region, proposal))
    assert "토론 관리자" in client.page.xpath("string(//ol[@id='comments'])")


def test_the_thread_of_a_hidden_proposal_is_closed_to_readers(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    assert client.get(_thread(region, proposal)).status_code == 404
    assert browser.submit({"body": "댓글"}, button="댓글 올리기").status_code == 404
    assert db.session.query(Comment).count() == 0


@pytest.mark.parametrize("htmx", [True, False])
def test_posting_a_reply_stays_within_twelve_statements(
    sign_in: Any, count_queries: Any, region: Region, proposal: Proposal, htmx: bool
) -> None:
    root = _say(region, proposal, make_person(), "처음")
    reply = _say(region, proposal, make_person(), "답글", root)
    browser = sign_in(make_person())
    browser.get(_link(region, reply, "reply"))
    db.session.expire_all()
    with count_queries() as queries:
        browser.submit({"body": "더 깊은 답글"}, button="답글 올리기", htmx=htmx, follow=False)
    assert db.session.query(Comment).count() == 3
    assert db.session.query(Notification).count() == 5
    assert len(queries) <= 12, queries


def test_edits_come_five_at_a_time_and_cost_the_same_however_many_there_are(
    sign_in: Any, count_queries: Any, region: Region, proposal: Proposal
) -> None:
    reader, spent = sign_in(make_person()), []
    for times in (6, 60):
        comment = _say(region, proposal, make_person(), f"{times + 1}번째 말")
        for number in range(1, times + 1):
            place = {"region_id": comment.region_id, "comment_id": comment.id, "number": number}
            db.session.add(CommentRevision(**place, body=f"{number}번째 말", replaced_at=clock.now()))
        comment.edited_at = clock.now()
        db.session.commit()
        seen, address = [], _link(region, comment)
        while address:
            db.session.expire_all()
            with count_queries() as queries:
                assert reader.get(address).status_code == 200
            spent.append(len(queries))
            found = [each.text_content() for each in reader.page.xpath("//section[@id='edits']//ins")]
            assert 1 <= len(found) <= 5
            seen += found
            address = next(iter(reader.page.xpath("//section[@id='edits']/nav/a/@href")), "").partition("#")[0]
        assert [text.partition(":")[2].partition("번")[0] for text in seen] == [
            str(each) for each in range(times + 1, 1, -1)
        ]
    assert len(set(spent)) == 1, spent


def test_more_edits_of_a_comment_come_alone_for_htmx(sign_in: Any, region: Region, proposal: Proposal) -> None:
    reader, comment = sign_in(make_person()), _say(region, proposal, make_person(), "지금 말")
    for number in range(1, 7):
        place = {"region_id": comment.region_id, "comment_id": comment.id, "number": number}
        db.session.add(CommentRevision(**place, body=f"{number}번째 말", replaced_at=clock.now()))
    comment.edited_at = clock.now()
    db.session.commit()
    reader.get(_link(region, comment))
    (more,) = reader.page.xpath("//section[@id='edits']/nav/a/@hx-get")
    part = reader.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert part.count("<h3") == 1
