"""What a proposal said before: each edit with who and when, any two versions, folded paragraphs."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ProposalVersion
from civicvote.domain.proposals.services import edit_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


def change(proposal: Proposal, author: Any, **texts: Any) -> None:
    given = {
        "title": proposal.title,
        "summary": proposal.summary,
        "body": proposal.body,
        "field_key": proposal.field_key,
        "place": proposal.place,
    }
    edit_proposal(actor=actor_for(author), proposal=proposal, based_on=proposal.version, **{**given, **texts})


def page_of(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}/versions"


def test_an_edit_is_told_with_name_and_words_and_what_stayed_is_folded(
    client: StrictClient, region: Region, round_: Round
) -> None:
    author = make_person("느티나무")
    body = (
        "첫 문단은 그대로입니다. 아무것도 바뀌지 않습니다.\n\n여기에 가로등 두 개가 필요합니다.\n\n마지막 문단입니다."
    )
    proposal = make_proposal(round_, author, body=body)
    change(proposal, author, body=body.replace("두 개", "세 개"), field_key="welfare")
    db.session.commit()
    client.get(page_of(region, proposal))
    said = [" ".join(node.text_content().split()) for node in client.page.xpath("//del")]
    put = [" ".join(node.text_content().split()) for node in client.page.xpath("//ins")]
    assert any("두" in words for words in said)
    assert any("세" in words for words in put)
    assert any("복지" in words for words in put)
    folded = client.page.xpath("//details[contains(@class,'fold')]")
    assert [fold.xpath("string(summary)") for fold in folded] == ["그대로인 문단 1개", "그대로인 문단 1개"]
    assert "느티나무" in client.text()
    assert "2판" in client.text()


def test_any_two_versions_are_compared(client: StrictClient, region: Region, round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    for number in (2, 3):
        change(proposal, author, title=f"{TITLE} {number}")
    db.session.commit()
    address = page_of(region, proposal)
    client.get(address, query_string={"from": "1", "to": "3"})
    assert "1판에서 3판으로" in client.text()
    assert len(client.page.xpath("//section[@class='change']")) == 1
    assert any(node.text_content().strip().endswith("3") for node in client.page.xpath("//ins"))
    assert client.get(address, query_string={"from": "3", "to": "3"}).status_code == 404
    assert client.get(address, query_string={"from": "1", "to": "9"}).status_code == 404
    assert client.get(address, query_string={"from": "x", "to": "-1"}).status_code == 200


def test_the_files_that_stood_beside_it_are_part_of_the_version(
    client: StrictClient, region: Region, round_: Round
) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    change(proposal, author, title="다른 제목입니다")
    kept = db.session.get_one(ProposalVersion, (proposal.region_id, proposal.id, 1))
    kept.files = [{"title": "사진.jpg", "caption": "낮 세 시"}]
    db.session.commit()
    client.get(page_of(region, proposal))
    assert "사진.jpg: 낮 세 시" in " ".join(client.page.xpath("string(//dd[.//del][last()])").split())


@pytest.mark.parametrize("edits", [7, 60])
def test_a_long_history_is_paged_and_costs_the_same(
    client: StrictClient, region: Region, round_: Round, count_queries: Any, edits: int
) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    for number in range(edits):
        change(proposal, author, summary=f"{SUMMARY} {number}", body=f"{BODY} {number}")
    db.session.commit()
    with count_queries() as queries:
        client.get(page_of(region, proposal))
    assert len(queries) <= 9, queries
    found = [node.text for node in client.page.xpath("//section[@class='change']/h2")]
    assert found == [f"{edits + 1 - back}판" for back in range(5)]
    while more := client.page.xpath("//a[@rel='next']/@href"):
        client.get(more[0])
        found += [node.text for node in client.page.xpath("//section[@class='change']/h2")]
    assert found == [f"{number}판" for number in range(edits + 1, 0, -1)]
