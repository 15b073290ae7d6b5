"""Merging through its pages: choosing the other one, both side by side, answering, undoing; what the proposals say."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.services_closing import close_account
from civicvote.domain.moderation.kinds import ReportReason, SubjectKind
from civicvote.domain.moderation.services import report_content
from civicvote.domain.proposals.models import Merge, Proposal
from civicvote.domain.proposals.services import endorse, set_proposal_visibility
from civicvote.domain.proposals.services_authors import accept_invitation, invite_co_author
from civicvote.domain.proposals.services_merging import consent_to_merge, undo_merge
from civicvote.domain.proposals.states import MergeState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.merges import REASON, author_of, merge, suggest
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_proposals, make_proposal
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def early(round_: Round) -> Proposal:
    made = make_proposal(round_, make_person("김하나"), title="도서관 앞 횡단보도 설치")
    for _ in range(3):
        endorse(actor=actor_for(make_person()), proposal=made)
    return made


@pytest.fixture
def late(round_: Round, early: Proposal) -> Proposal:
    made = make_proposal(round_, make_person("이두리"), title="도서관 길에 횡단보도를")
    fan = make_person()
    for proposal in (early, made):
        endorse(actor=actor_for(fan), proposal=proposal)
    db.session.commit()
    return made


def _address(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def _page_of(region: Region, made: Merge) -> str:
    return f"/regions/{region.slug}/merges/{ids.encode(made.id)}"


def test_from_the_suggestion_to_the_merge_and_back(
    client: StrictClient, sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    two = sign_in(author_of(late))
    two.get(_address(region, late))
    two.get(two.page.xpath("//a[contains(@href, '/merge')]/@href")[0])
    two.submit({"q": "횡단보도 설치"}, button="제안 찾기")
    two.get(two.page.xpath("//a[contains(@href, 'other=')]/@href")[0])
    said = two.text()
    assert "‘도서관 앞 횡단보도 설치’ 제안이 이어집니다" in said
    assert "김하나, 이두리" in said
    assert "4명과 1명을 합치면 4명" in said
    two.submit({"reason": REASON}, button="합치자고 말하기")
    assert "합치자는 말을 전했습니다" in two.text()

    one = sign_in(author_of(early))
    one.get("/me")
    one.get(one.page.xpath("//a[contains(@href, '/merges/')]/@href")[0])
    assert REASON in one.text()
    one.submit(button="동의합니다")
    assert f"합쳐진 제안: {late.title}, 제안자 이두리" in one.text()

    client.get(_address(region, late))
    assert "이 제안은 이미 합쳐졌습니다. 합친 제안으로 이동합니다." in client.text()
    assert client.page.xpath(f"//a[@href='{_address(region, early)}']")
    two.get(_address(region, late))
    assert not two.page.xpath("//form[contains(@action, 'endorse') or contains(@action, 'follow')]//button")
    assert not two.page.xpath("//textarea")

    two.get(two.page.xpath("//a[contains(@href, '/merges/')]/@href")[0])
    two.submit({"reason": "다른 쪽 길 이야기였습니다."}, button="합치기 되돌리기")
    assert "합치기를 되돌렸습니다" in two.text()
    client.get(_address(region, late))
    assert "이미 합쳐졌습니다" not in client.text()
    db.session.refresh(late)
    assert late.state is ProposalState.SUBMITTED


def test_a_refused_form_keeps_what_was_typed_and_says_why(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    two = sign_in(author_of(late))
    two.get(_address(region, late) + f"/merge?other={ids.encode(early.id)}")
    answer = two.submit({"reason": "같아요"}, button="합치자고 말하기")
    assert answer.status_code == 422
    assert "까닭을 10자 이상" in two.text()
    assert two.page.xpath("string(//textarea)").strip() == "같아요"
    suggest(author_of(late), late, early)
    answer = two.submit({"reason": REASON}, button="합치자고 말하기")
    assert answer.status_code == 422
    assert "이미 같은 합치기" in two.text()


def test_an_address_can_be_pasted_into_the_search(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    two = sign_in(author_of(late))
    two.get(_address(region, late) + "/merge")
    two.submit({"q": f"https://example.org{_address(region, early)}/?a=b#c"}, button="제안 찾기")
    assert two.page.xpath(f"//a[contains(@href, 'other={ids.encode(early.id)}')]")
    assert two.get(_address(region, late) + "/merge?q=/proposals/0!").status_code == 200
    assert two.get(_address(region, late) + "/merge?other=zzzz").status_code == 404
    assert two.get(_address(region, late) + f"/merge?other={ids.encode(late.id)}").status_code in {409, 422}


def test_strangers_can_neither_suggest_nor_see_what_is_suggested(
    client: StrictClient, sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    stranger = sign_in(make_person())
    assert stranger.get(_address(region, late) + "/merge").status_code == 403
    made = suggest(author_of(late), late, early)
    for reader in (client, stranger):
        assert reader.get(_page_of(region, made)).status_code == 404
        reader.get(_address(region, late))
        assert "합치자는 말이 있습니다" not in reader.text()
    own = sign_in(author_of(early))
    own.get(_address(region, early))
    assert "합치자는 말이 있습니다" in own.text()


def test_what_holds_is_public_and_only_those_concerned_can_undo_it(
    client: StrictClient, sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    made = merge(early, late)
    client.get(_page_of(region, made))
    assert REASON in client.text()
    assert not client.page.xpath("//main//form")
    stranger = sign_in(make_person())
    stranger.get(_page_of(region, made))
    assert not stranger.page.xpath("//main//form")
    moderator = sign_in(make_officer(region.id, Role.MODERATOR))
    moderator.get(_page_of(region, made))
    moderator.submit({"reason": "다른 곳의 이야기였습니다."}, button="합치기 되돌리기")
    client.get(_page_of(region, made))
    assert "되돌림 · 토론 관리자" in client.text()
    assert "다른 곳의 이야기였습니다." in client.text()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.REVIEWER])
def test_a_roles_power_over_merges_asks_for_a_second_factor(
    sign_in: Any, region: Region, early: Proposal, late: Proposal, role: Role
) -> None:
    """Somebody with nothing but an officer's password merges nothing and undoes nothing."""
    made = merge(early, late)
    other = make_proposal(db.session.get_one(Round, (region.id, late.round_id)), title="건널목을 하나 더")
    officer = make_officer(region.id, role)
    db.session.commit()
    thief = sign_in(officer, with_second_factor=False)
    for page, sent in (
        (_page_of(region, made), {"act": "undo", "reason": "다른 곳의 이야기였습니다."}),
        (f"{_address(region, early)}/merge", {"other": ids.encode(other.id), "reason": REASON}),
    ):
        thief.get(_address(region, early))
        token = thief.page.xpath("string((//input[@name='csrf_token'])[1]/@value)")
        answer = thief.post(page, data=sent | {"csrf_token": token})
        assert answer.status_code == 303
        assert "/second-factor" in answer.headers["Location"]
    db.session.expire_all()
    assert db.session.query(Merge).one().state is MergeState.MERGED


def test_authors_without_a_role_are_asked_for_no_second_factor(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    made = merge(early, late)
    db.session.commit()
    one = sign_in(author_of(early), with_second_factor=False)
    one.get(_page_of(region, made))
    assert one.submit({"reason": "다른 곳의 이야기였습니다."}, button="합치기 되돌리기").status_code == 200
    db.session.refresh(made)
    assert made.state is MergeState.UNDONE


def test_a_moderator_stands_in_for_a_closed_account_with_a_reason(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    close_account(person_id=early.author_id)
    made = suggest(author_of(late), late, early)
    moderator = sign_in(make_officer(region.id, Role.MODERATOR))
    moderator.get("/me")
    moderator.get(moderator.page.xpath("//a[contains(@href, '/merges/')]/@href")[0])
    assert moderator.submit({"reason": ""}, button="닫힌 계정을 대신해 동의하기").status_code == 422
    moderator.submit({"reason": "두 글이 같은 건널목을 말합니다."}, button="닫힌 계정을 대신해 동의하기")
    db.session.refresh(made)
    assert made.state is MergeState.MERGED


def test_a_hidden_one_is_not_shown_through_its_merge(
    client: StrictClient, region: Region, early: Proposal, late: Proposal
) -> None:
    made = suggest(author_of(late), late, early)
    consent_to_merge(actor=actor_for(author_of(early)), region_id=region.id, merge_id=made.id)
    for hidden, name, other in ((late, "이두리", early), (early, "김하나", late)):
        set_proposal_visibility(region_id=region.id, proposal_id=hidden.id, visibility=Visibility.HIDDEN)
        for address in (_address(region, other), _address(region, other) + "/case", _page_of(region, made)):
            client.get(address)
            assert hidden.title not in client.page.text_content(), address
            assert name not in client.page.text_content(), address
        set_proposal_visibility(region_id=region.id, proposal_id=hidden.id, visibility=Visibility.VISIBLE)
    client.get(_page_of(region, made))
    assert "이두리" in client.text()
    undo_merge(actor=actor_for(author_of(late)), region_id=region.id, merge_id=made.id, reason="다른 길이었습니다.")
    set_proposal_visibility(region_id=region.id, proposal_id=late.id, visibility=Visibility.HIDDEN)
    client.get(_address(region, early) + "/case")
    assert "합친 것을 되돌렸습니다" in client.text()
    assert "이두리" not in client.page.text_content()


def test_whoever_signs_with_an_author_reads_what_is_suggested(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    helper = make_person("함께하는이")
    invite_co_author(actor=actor_for(author_of(early)), slug=region.slug, proposal=early, email=helper.email or "")
    accept_invitation(actor=actor_for(helper), slug=region.slug, proposal=early)
    made = suggest(author_of(late), late, early)
    db.session.commit()
    browser = sign_in(helper)
    browser.get(_address(region, early))
    assert browser.page.xpath(f"//a[@href='{_page_of(region, made)}' and text()='진행 상황 보기']")
    assert browser.get(_page_of(region, made)).status_code == 200
    browser.get(_address(region, late))
    assert "합치자는 말이 있습니다" not in browser.text(), "there they are a reader like others"


def test_whoever_withdraws_the_leading_one_reads_what_is_set_free(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    merge(early, late)
    one = sign_in(author_of(early))
    one.get(_address(region, early) + "/withdraw")
    assert "합쳐졌던 제안 1개는" in one.text()


def test_on_a_case_about_a_duplicate_moderators_find_the_way_to_merging(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    case = report_content(
        actor=actor_for(make_person()),
        region_id=region.id,
        kind=SubjectKind.PROPOSAL,
        subject_id=late.id,
        reason=ReportReason.DUPLICATE,
    )
    moderator = sign_in(make_officer(region.id, Role.MODERATOR))
    moderator.get(f"/regions/{region.slug}/desk/moderation/{ids.encode(case.id)}")
    moderator.get(moderator.page.xpath("//a[contains(@href, '/merge')]/@href")[0])
    assert "다른 제안과 합치기" in moderator.text()


def test_a_merged_proposal_leaves_the_lists(
    client: StrictClient, region: Region, round_: Round, early: Proposal, late: Proposal
) -> None:
    merge(early, late)
    for address in (f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals", f"/regions/{region.slug}", "/"):
        client.get(address)
        assert late.title not in client.page.text_content(), address


@pytest.mark.parametrize("number", [60, 2000])
def test_the_pages_of_merging_cost_the_same_at_any_size(
    client: StrictClient,
    sign_in: Any,
    count_queries: Any,
    region: Region,
    round_: Round,
    early: Proposal,
    late: Proposal,
    number: int,
) -> None:
    make_many_proposals(round_, make_person(), number)
    made = merge(early, late)
    owner = sign_in(author_of(early))
    db.session.commit()
    costs = {}
    for name, reader, address in (
        ("merge", client, _page_of(region, made)),
        ("choose", owner, _address(region, early) + "/merge?q=제안"),
    ):
        db.session.expire_all()
        with count_queries() as queries:
            assert reader.get(address).status_code == 200
        costs[name] = len(queries)
    assert costs == {"merge": 7, "choose": 7}, costs


def test_whoever_agreed_is_told_for_whom_it_waits_and_not_asked_again(
    sign_in: Any, region: Region, early: Proposal, late: Proposal
) -> None:
    made = suggest(make_officer(region.id, Role.MODERATOR), late, early)
    db.session.commit()
    browser = sign_in(author_of(late))
    browser.get(_address(region, late))
    assert "보고 답하기" in browser.text()
    browser.get(_page_of(region, made))
    browser.submit(button="동의합니다")
    assert "상대 제안자도 동의하면" in browser.text()
    assert "보고 답하기" not in browser.text()
    assert "진행 상황 보기" in browser.text()
    other = sign_in(author_of(early))
    other.get(_address(region, early))
    assert "보고 답하기" in other.text()
    other.get(_page_of(region, made))
    other.submit(button="동의합니다")
    assert "두 제안이 하나로 합쳐졌습니다" in other.text()
