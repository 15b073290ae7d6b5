"""Speaking by one's role through the pages: who is let in, what is refused, what readers see and where."""

from datetime import timedelta
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ReachedStep
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice, VoiceVersion
from civicvote.domain.voices.services import edit_voice, withdraw_voice
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_proposals, make_proposal
from tests.factories.voices import ANSWER, SPEAKERS, make_owed, make_voice, speaker, texts_of
from tests.strict_client import StrictClient

BODY = "내년 3월까지 **횡단보도**를 놓겠습니다. 경찰서와 협의했습니다."
TYPED = {
    VoiceKind.OFFICIAL_ANSWER: {"office": "교통정책과", "body": BODY},
    VoiceKind.SUMMARY: {"body": BODY},
    VoiceKind.EXPERT_OPINION: {"office": "교통공학", "has_interests": "none", "body": BODY},
    VoiceKind.BUDGET_INFORMATION: {"office": "예산과", "estimate": "약 3억 원", "body": BODY},
}


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    made = make_proposal(round_)
    db.session.commit()
    return made


def _page(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def _new(region: Region, proposal: Proposal, kind: VoiceKind) -> str:
    return f"{_page(region, proposal)}/voices/new/{kind}"


def _of(region: Region, voice: Voice) -> str:
    return f"/regions/{region.slug}/voices/{ids.encode(voice.id)}"


@pytest.mark.parametrize("kind", list(VoiceKind))
def test_each_kind_is_previewed_published_and_read_by_visitors(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal, kind: VoiceKind
) -> None:
    browser = sign_in(make_officer(region.id, SPEAKERS[kind], name="김담당"))
    browser.get(_new(region, proposal, kind))
    browser.submit(TYPED[kind], button="미리보기")
    assert "읽는 분에게는 이렇게 보입니다" in browser.text()
    assert db.session.query(Voice).count() == 0
    browser.submit(TYPED[kind], button="이름과 함께 올리기")
    assert "이름과 함께 올렸습니다" in browser.text()
    client.get(_page(region, proposal))
    (voice,) = client.page.xpath("//article[contains(@class,'voice')]")
    assert "김담당" in voice.text_content()
    assert voice.xpath(".//strong[text()='횡단보도']")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(VoiceKind))
def test_the_door_of_each_kind_opens_to_its_role_only(
    sign_in: Any, region: Region, proposal: Proposal, role: Role, kind: VoiceKind
) -> None:
    browser = sign_in(make_officer(region.id, role))
    may = SPEAKERS[kind] is role or (kind is VoiceKind.OFFICIAL_ANSWER and role is Role.ADMINISTRATOR)
    assert browser.get(_new(region, proposal, kind)).status_code == (200 if may else 403)


def test_residents_visitors_and_sessions_without_second_factor_do_not_get_in(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    address = _new(region, proposal, VoiceKind.OFFICIAL_ANSWER)
    assert sign_in(make_person()).get(address).status_code == 403
    assert "sign-in" in client.get(address).headers["Location"]
    officer = sign_in(make_officer(region.id, Role.REVIEWER), with_second_factor=False)
    answer = officer.get(address)
    assert answer.status_code == 303
    assert "sign-in" not in answer.headers["Location"]
    reviewer = sign_in(make_officer(region.id, Role.REVIEWER))
    assert reviewer.get(_new(region, proposal, VoiceKind.SUMMARY)).status_code == 403
    assert reviewer.get(f"{_page(region, proposal)}/voices/new/prophecy").status_code == 404


def test_a_refused_answer_names_all_faults_and_keeps_what_was_typed(
    sign_in: Any, region: Region, proposal: Proposal
) -> None:
    browser = sign_in(make_officer(region.id, Role.EXPERT))
    browser.get(_new(region, proposal, VoiceKind.EXPERT_OPINION))
    answer = browser.submit({"office": "", "body": BODY}, button="이름과 함께 올리기")
    assert answer.status_code == 422
    assert browser.page.xpath("//textarea[@name='body']")[0].text_content().strip() == BODY
    typed = {"office": "교통공학", "body": BODY}
    answer = browser.submit(typed, button="이름과 함께 올리기")
    assert answer.status_code == 422
    assert "이해관계가 있는지 밝혀 주십시오" in browser.text()
    answer = browser.submit(
        {**typed, "has_interests": "none", "body": BODY + " 850101-1234567"}, button="이름과 함께 올리기"
    )
    assert answer.status_code == 422
    assert db.session.query(Voice).count() == 0


def test_answers_are_pinned_above_the_comments_and_opinions_stand_with_the_text(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    make_voice(proposal, VoiceKind.SUMMARY)
    make_voice(proposal)
    make_voice(proposal, VoiceKind.EXPERT_OPINION, has_interests=True, interests="설계 회사의 자문을 맡고 있습니다.")
    db.session.commit()
    client.get(_page(region, proposal))
    pinned = client.page.xpath("//section[@id='thread']//article[contains(@class,'voice')]/h3")
    assert [heading.text_content().strip() for heading in pinned] == ["공식 답변", "토론 요약"]
    (opinion,) = client.page.xpath("//article[contains(@class,'voice--expert-opinion')]")
    assert "설계 회사의 자문을 맡고 있습니다." in opinion.text_content()
    assert not opinion.xpath("ancestor::details"), "interests stand there without a click"


def test_an_edit_by_another_is_signed_by_both_and_compared(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    voice = make_voice(proposal, actor=speaker(region.id, name="박주무관"))
    browser = sign_in(make_officer(region.id, Role.ADMINISTRATOR, name="최팀장"))
    db.session.commit()
    browser.get(_of(region, voice) + "/edit")
    browser.submit({"body": ANSWER.replace("3월", "5월")}, button="바뀐 글 저장")
    client.get(_page(region, proposal))
    signed = client.page.xpath("//p[@class='voice__signed']")[0].text_content()
    assert "박주무관" in signed
    assert "최팀장" in signed
    client.get(_of(region, voice))
    assert client.page.xpath("//del[contains(., '3월')]")
    assert client.page.xpath("//ins[contains(., '5월')]")
    assert "바꾼 사람: 최팀장" in client.text()


def test_another_experts_opinion_has_no_door_to_change_it(sign_in: Any, region: Region, proposal: Proposal) -> None:
    author, rival = make_officer(region.id, Role.EXPERT), make_officer(region.id, Role.EXPERT)
    voice = make_voice(proposal, VoiceKind.EXPERT_OPINION, actor=actor_for(author))
    db.session.commit()
    doors = [f"{_of(region, voice)}/{act}" for act in ("edit", "withdraw")]
    for person, may in ((author, True), (rival, False)):
        browser = sign_in(person)
        for page in (_page(region, proposal), f"{_page(region, proposal)}/voices", _of(region, voice)):
            browser.get(page)
            assert [link for link in doors if browser.page.xpath(f"//a[@href='{link}']")] == (doors if may else [])
        assert [browser.get(door).status_code for door in doors] == ([200, 200] if may else [403, 403])


def test_an_edit_that_began_from_an_older_version_says_so(sign_in: Any, region: Region, proposal: Proposal) -> None:
    author = make_officer(region.id, Role.REVIEWER)
    actor = speaker(region.id)
    voice = make_voice(proposal, actor=actor)
    browser = sign_in(author)
    browser.get(_of(region, voice) + "/edit")
    edit_voice(
        actor=actor, proposal=proposal, voice=voice, based_on=1, texts=texts_of(voice.kind, ANSWER + " 하나 더.")
    )
    db.session.commit()
    answer = browser.submit({"body": ANSWER + " 다른 말."}, button="바뀐 글 저장")
    assert answer.status_code == 422
    assert "다른 분이 바꾸었습니다" in browser.text()
    assert voice.version == 2


def test_what_is_no_longer_upheld_is_struck_with_its_reason(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    author = make_officer(region.id, Role.REVIEWER)
    voice = make_voice(proposal)
    browser = sign_in(author)
    db.session.commit()
    browser.get(_of(region, voice) + "/withdraw")
    assert browser.submit({"reason": ""}, button="더는 유지하지 않기").status_code == 422
    browser.submit({"reason": "경찰서가 반대했습니다."}, button="더는 유지하지 않기")
    client.get(_page(region, proposal))
    (struck,) = client.page.xpath("//article[contains(@class,'voice--struck')]")
    assert "경찰서가 반대했습니다." in struck.text_content()
    assert struck.xpath(".//del//strong[text()='횡단보도']")
    for act in ("edit", "withdraw"):
        assert browser.get(f"{_of(region, voice)}/{act}").status_code == 409


def test_nothing_that_was_said_leaks_from_a_hidden_proposal(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    voice = make_voice(proposal)
    make_owed(proposal, LadderStep.FORUM)
    proposal.visibility = Visibility.HIDDEN
    db.session.commit()
    for address in (_of(region, voice), f"{_page(region, proposal)}/voices"):
        assert client.get(address).status_code == 404
    client.get(_page(region, proposal))
    assert "횡단보도를" not in client.text()
    client.get(f"/regions/{region.slug}/answers-owed")
    assert proposal.title not in client.text()


def test_a_voice_of_another_region_is_not_found(client: StrictClient, region: Region, proposal: Proposal) -> None:
    voice, other = make_voice(proposal), make_region()
    db.session.commit()
    assert client.get(_of(other, voice)).status_code == 404


def test_everybody_reads_what_is_owed_and_reviewers_find_the_way_to_answer(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    make_owed(proposal, days=4)
    db.session.commit()
    client.get(f"/regions/{region.slug}/answers-owed")
    assert "4일째 기다림" in client.text()
    assert not client.page.xpath("//a[contains(@href,'voices/new')]")
    reviewer = sign_in(make_officer(region.id, Role.REVIEWER))
    reviewer.get(f"/regions/{region.slug}")
    reviewer.get(reviewer.page.xpath("//details//a[text()='답변할 제안']")[0].get("href"))
    reviewer.get(reviewer.page.xpath("//a[text()='공식 답변 쓰기']")[0].get("href"))
    reviewer.submit(TYPED[VoiceKind.OFFICIAL_ANSWER], button="이름과 함께 올리기")
    assert db.session.query(ReachedStep).one().fulfilled_at is not None
    client.get(f"/regions/{region.slug}/answers-owed")
    assert "지금은 기다리는 제안이 없습니다" in client.text()


def test_a_forum_is_fixed_and_stands_on_the_ladder(
    client: StrictClient, sign_in: Any, region: Region, proposal: Proposal
) -> None:
    make_owed(proposal, LadderStep.FORUM)
    browser = sign_in(make_officer(region.id, Role.REVIEWER))
    db.session.commit()
    address = f"{_page(region, proposal)}/forum"
    browser.get(address)
    for held_on, status in (("", 422), ("어제", 422), ("9999-12-31", 422), ("0001-01-01", 422)):
        assert browser.submit({"held_on": held_on, "place": "시청"}, button="공론장 일정 알리기").status_code == status
    day = clock.today() + timedelta(days=9)
    browser.submit({"held_on": day.isoformat(), "place": "시청 2층", "note": "오십시오"}, button="공론장 일정 알리기")
    client.get(_page(region, proposal))
    assert "시청 2층" in client.page.xpath("//*[@class='ladder']")[0].text_content()
    assert sign_in(make_officer(region.id, Role.EXPERT)).get(address).status_code == 403


def test_a_forum_that_nobody_asked_for_can_not_be_fixed(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_officer(region.id, Role.REVIEWER))
    assert browser.get(f"{_page(region, proposal)}/forum").status_code == 409


def test_an_expert_has_a_desk_with_the_newest_proposals(sign_in: Any, region: Region, proposal: Proposal) -> None:
    expert = sign_in(make_officer(region.id, Role.EXPERT))
    expert.get(f"/regions/{region.slug}")
    expert.get(expert.page.xpath("//details//a[text()='의견을 쓸 제안']")[0].get("href"))
    assert proposal.title in expert.text()
    expert.get(expert.page.xpath("//a[text()='전문가 의견 쓰기']")[0].get("href"))
    expert.submit(TYPED[VoiceKind.EXPERT_OPINION], button="이름과 함께 올리기")
    expert.get(f"/regions/{region.slug}/desk/voices")
    assert "내가 썼음" in expert.text()
    expert.get(f"/regions/{region.slug}/desk/voices?order=agenda")
    assert "아직 주민이 뽑은 의제가 없습니다" in expert.text()


@pytest.mark.parametrize("number", [60, 2000])
def test_desk_and_owed_cost_the_same_however_long_they_are(
    client: StrictClient, sign_in: Any, count_queries: Any, region: Region, round_: Round, number: int
) -> None:
    make_many_proposals(round_, make_person(), number)
    for proposal in db.session.query(Proposal).order_by(Proposal.id):
        make_owed(proposal)
    expert = sign_in(make_officer(region.id, Role.EXPERT))
    for browser, path, most in ((client, "answers-owed", 3), (expert, "desk/voices", 6)):
        db.session.expire_all()
        with count_queries() as queries:
            browser.get(f"/regions/{region.slug}/{path}")
        assert len(queries) <= most, queries
        assert len(browser.page.xpath("//ul[@class='rows']/li/h2")) == 20
    more = client.get(f"/regions/{region.slug}/answers-owed")
    assert more.status_code == 200


def test_withdrawing_twice_is_refused(sign_in: Any, region: Region, proposal: Proposal) -> None:
    voice = make_voice(proposal)
    browser = sign_in(make_officer(region.id, Role.REVIEWER))
    db.session.commit()
    browser.get(_of(region, voice) + "/withdraw")
    withdraw_voice(actor=speaker(region.id), proposal=proposal, voice=voice, reason="먼저")
    db.session.commit()
    assert browser.submit({"reason": "나중"}, button="더는 유지하지 않기").status_code == 422
    assert voice.withdrawal_reason == "먼저"


def test_my_page_tells_reviewers_what_is_owed_and_nobody_else(sign_in: Any, region: Region, proposal: Proposal) -> None:
    make_owed(proposal)
    db.session.commit()
    for role, told in ((Role.REVIEWER, True), (Role.EXPERT, False), (Role.MODERATOR, False)):
        browser = sign_in(make_officer(region.id, role))
        browser.get("/me")
        assert ("답변할 제안 1건" in browser.text()) is told


def _edit(voice: Voice, times: int) -> None:
    """``times`` edits, each of which names its number; the last one stands."""
    for number in range(1, times + 1):
        db.session.add(
            VoiceVersion(
                region_id=voice.region_id,
                voice_id=voice.id,
                number=number,
                office=voice.office,
                interests=voice.interests,
                body=f"{number}월까지 놓겠습니다.",
                editor_id=voice.author_id,
                replaced_at=clock.now(),
            )
        )
    voice.version, voice.body = times + 1, f"{times + 1}월까지 놓겠습니다."
    db.session.commit()


def test_edits_come_five_at_a_time_and_cost_the_same_however_many_there_are(
    sign_in: Any, count_queries: Any, region: Region, proposal: Proposal
) -> None:
    reader, spent = sign_in(make_person()), []
    for times in (6, 60):
        voice = make_voice(proposal)
        _edit(voice, times)
        seen, address = [], _of(region, voice)
        while address:
            db.session.expire_all()
            with count_queries() as queries:
                assert reader.get(address).status_code == 200
            spent.append(len(queries))
            found = [each.text_content() for each in reader.page.xpath("//section/dl[@class='changes']//ins")]
            assert 1 <= len(found) <= 5
            seen += found
            address = next(iter(reader.page.xpath("//nav[@class='pager']/a/@href")), "").partition("#")[0]
        assert [text.partition(":")[2].partition("월")[0] for text in seen] == [
            str(each) for each in range(times + 1, 1, -1)
        ]
    assert len(set(spent)) == 1, spent


def test_more_edits_come_alone_for_htmx(sign_in: Any, region: Region, proposal: Proposal) -> None:
    reader, voice = sign_in(make_person()), make_voice(proposal)
    _edit(voice, 6)
    reader.get(_of(region, voice))
    (more,) = reader.page.xpath("//nav[@class='pager']/a/@hx-get")
    part = reader.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert part.count("<section") == 1
