"""The pages of search: what is found and shown, where it leads, how it is paged, what a hostile text may not do."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.services_finding import findable_agenda_item
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import findable_row, make_findable, write_findables
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.services import post_comment
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region(name_ko="새벗시")


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    made = make_proposal(round_, title="느티나무 그늘 쉼터")
    db.session.commit()
    return made


def _rows(html: str) -> list[str]:
    """The titles of the hits, without markup."""
    found = re.findall(r'<h2 class="row__title"><a href="[^"]*">(.*?)</a></h2>', html, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", title) for title in found]


def _many(region: Region, round_: Round, count: int, title: str = "우물가 이야기") -> None:
    write_findables(
        rows=[
            findable_row(
                region_id=region.id,
                kind=FindableKind.PROPOSAL,
                subject_id=ids.new_id(),
                title=f"{title} {number}",
                text="이웃이 모여 물을 긷던 자리입니다.",
                occurred_at=clock.now(),
                round_id=round_.id,
            )
            for number in range(count)
        ]
    )
    db.session.commit()


def test_a_reader_finds_a_proposal_with_the_words_marked(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    page = client.get(f"/regions/{region.slug}/search?q=느티나무를").text
    assert _rows(page) == ["느티나무 그늘 쉼터"]
    assert "<mark>느티나무</mark> 그늘 쉼터" in page
    assert f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}" in page
    assert 'value="느티나무를"' in page, "what was typed stays in the field"


def test_search_over_all_regions_says_where_and_the_one_of_a_region_stays_there(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    elsewhere = make_region(name_ko="다온시")
    make_proposal(make_round(elsewhere), title="느티나무 놀이터")
    db.session.commit()
    page = client.get("/search?q=느티나무").text
    assert set(_rows(page)) == {"느티나무 그늘 쉼터", "느티나무 놀이터"}
    assert "새벗시" in page
    assert "다온시" in page
    assert _rows(client.get(f"/regions/{elsewhere.slug}/search?q=느티나무").text) == ["느티나무 놀이터"]


def test_every_page_leads_to_search(client: StrictClient, region: Region) -> None:
    assert 'action="/search"' in client.get("/").text
    assert f'action="/regions/{region.slug}/search"' in client.get(f"/regions/{region.slug}").text


def test_a_hit_of_each_kind_leads_to_where_it_is_read(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    author = make_person()
    comment = post_comment(actor=actor_for(author), thread=thread_of(proposal), body="우물가를 그리워합니다.")
    item = AgendaItem(
        region_id=region.id,
        id=ids.new_id(),
        round_id=round_.id,
        proposal_id=proposal.id,
        poll_id=1,
        rank=1,
        title="우물가 의제",
        selected_at=clock.now(),
    )
    write_findables(rows=[findable_agenda_item(item)])
    case = report_content(
        actor=actor_for(make_person()),
        region_id=region.id,
        kind=SubjectKind.COMMENT,
        subject_id=comment.id,
        reason=ReportReason.ABUSE,
    )
    decision = decide_case(
        actor=actor_for(make_officer(region.id, Role.MODERATOR)),
        slug=region.slug,
        region_id=region.id,
        case_id=case.id,
        action=DecisionAction.KEEP,
        facts="우물가 이야기일 뿐입니다.",
    )
    db.session.commit()
    page = client.get(f"/regions/{region.slug}/search?q=우물가").text
    addresses = re.findall(r'<h2 class="row__title"><a href="([^"]*)">', page)
    base = f"/regions/{region.slug}"
    comment_path = f"{base}/threads/{ids.encode(proposal.thread_id)}/comments/{ids.encode(comment.id)}"
    log_path = next(each for each in addresses if "moderation" in each)
    assert any(each.startswith(comment_path) for each in addresses), addresses
    assert f"{base}/rounds/{ids.encode(round_.id)}/agenda" in addresses
    assert "느티나무 그늘 쉼터" in page, "a comment says which proposal it is about"
    for address in addresses:
        assert client.get(address).status_code == 200
    assert client.get(log_path).text.count(decision.facts) == 1


def test_hidden_and_withdrawn_texts_are_neither_shown_nor_counted(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    post_comment(actor=actor_for(make_person()), thread=thread_of(proposal), body="우물가를 그리워합니다.")
    for visibility in (Visibility.HIDDEN, Visibility.WITHDRAWN):
        set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=visibility)
        db.session.commit()
        for text in ("느티나무", "우물가", "그늘 쉼터"):
            for address in (f"/search?q={text}", f"/regions/{region.slug}/search?q={text}"):
                page = client.get(address).text
                assert _rows(page) == []
                assert "그리워합니다" not in page


def test_the_kind_narrows_and_the_counts_of_all_kinds_stay(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    post_comment(actor=actor_for(make_person()), thread=thread_of(proposal), body="느티나무가 반갑습니다.")
    db.session.commit()
    both = client.get(f"/regions/{region.slug}/search?q=느티나무").text
    only = client.get(f"/regions/{region.slug}/search?q=느티나무&kind=comment").text
    assert len(_rows(both)) == 2
    assert len(_rows(only)) == 1
    assert "<b>2</b>" in only, "all kinds together"
    assert _rows(client.get(f"/regions/{region.slug}/search?q=느티나무&kind=poll").text) == []
    assert len(_rows(client.get(f"/regions/{region.slug}/search?q=느티나무&kind=nonsense").text)) == 2


def test_show_more_walks_through_everything_once_best_first(
    client: StrictClient, region: Region, round_: Round
) -> None:
    _many(region, round_, 34)
    make_findable(
        region_id=region.id,
        kind=FindableKind.PROPOSAL,
        subject_id=7,
        title="오래된 제안",
        text="본문에만 우물가가 있습니다.",
        occurred_at=clock.now(),
    )
    db.session.commit()
    address, seen, pages = f"/regions/{region.slug}/search?q=우물가", [], 0
    while address:
        page = client.get(address).text
        seen += _rows(page)
        pages += 1
        link = re.search(r'href="([^"]*)" rel="next"', page)
        address = link[1].replace("&amp;", "&") if link else ""
        assert pages < 10
    assert pages == 4
    assert len(seen) == len(set(seen)) == 35
    assert seen[0] == "우물가 이야기 33", "the newest of equals first"
    assert seen[-1] == "오래된 제안", "titles before texts, however old"


def test_a_new_text_between_two_pages_repeats_and_skips_nothing(
    client: StrictClient, region: Region, round_: Round
) -> None:
    _many(region, round_, 15)
    first = client.get(f"/regions/{region.slug}/search?q=우물가").text
    link = re.search(r'href="([^"]*)" rel="next"', first)
    assert link
    _many(region, round_, 3, title="우물가 새 이야기")
    second = client.get(link[1].replace("&amp;", "&")).text
    assert _rows(first) + _rows(second) == [f"우물가 이야기 {number}" for number in reversed(range(15))]


def test_htmx_gets_the_rows_alone(client: StrictClient, region: Region, round_: Round) -> None:
    _many(region, round_, 12)
    rows = client.get(f"/regions/{region.slug}/search?q=우물가", headers={"HX-Request": "true"}).text
    assert "<html" not in rows
    assert len(_rows(rows)) == 10


def test_few_hits_bring_similar_words_and_the_page_says_so(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    page = client.get(f"/regions/{region.slug}/search?q=느티너무").text
    assert _rows(page) == ["느티나무 그늘 쉼터"]
    assert "검색 결과가 적어 비슷한 말도 찾았습니다" in page
    assert "비슷한 말도" not in client.get(f"/regions/{region.slug}/search?q=느티나무").text


def test_nothing_found_says_what_to_try(client: StrictClient, region: Region, proposal: Proposal) -> None:
    page = client.get(f"/regions/{region.slug}/search?q=잠수함").text
    assert "‘잠수함’에 맞는 글이 없습니다" in page
    assert 'href="/search?q=%EC%9E%A0%EC%88%98%ED%95%A8"' in page
    for empty in ("", "?q=", "?q=+++", "?q=%00", "?q=!!!"):
        assert client.get(f"/regions/{region.slug}/search{empty}").status_code in {200, 400}


def test_a_hostile_text_is_shown_as_text(client: StrictClient, region: Region) -> None:
    make_findable(
        region_id=region.id,
        kind=FindableKind.PROPOSAL,
        subject_id=8,
        title="<script>우물가</script>",
        text="<img src=x onerror=alert(1)> 우물가 <mark>",
        occurred_at=clock.now(),
    )
    db.session.commit()
    page = client.get(f"/regions/{region.slug}/search?q={quote('<script>우물가')}").text
    assert "&lt;script&gt;<mark>우물가</mark>&lt;/script&gt;" in page.replace("<mark>script</mark>", "script")
    assert "<img src=x" not in page
    assert 'value="&lt;script&gt;우물가"' in page


def test_a_cursor_that_nobody_wrote_is_refused(client: StrictClient, region: Region, proposal: Proposal) -> None:
    assert client.get(f"/regions/{region.slug}/search?q=느티나무&after=zzz").status_code == 422


def test_looking_up_without_end_is_slowed_down(
    client: StrictClient, region: Region, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = throttle.RATES[throttle.Limit.SEARCH]
    few = throttle.Rate(2, rate.per, rate.reason)
    monkeypatch.setitem(throttle.RATES, throttle.Limit.SEARCH, few)
    address = f"/regions/{region.slug}/search?q=느티나무"
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(f"/regions/{region.slug}/search").status_code == 200, "the empty form costs nothing"


@pytest.mark.parametrize("kind", ["", "&kind=proposal"])
def test_the_page_costs_the_same_with_60_and_with_2000_hits(
    client: StrictClient, region: Region, round_: Round, count_queries: Any, kind: str
) -> None:
    numbers = []
    for more in (60, 1_940):
        _many(region, round_, more)
        with count_queries() as queries:
            assert len(_rows(client.get(f"/regions/{region.slug}/search?q=우물가{kind}").text)) == 10
        numbers.append(len(queries))
    looked_up_again = 3 if kind else 0  # with more hits than are ranked, those of one kind are ranked by themselves
    again_in_all_slices = 0 if db.engine.dialect.name == "sqlite" else 2 + looked_up_again
    for number, usual in zip(numbers, (6, 6 + looked_up_again), strict=True):
        assert usual <= number <= usual + again_in_all_slices
