"""What stands beside a proposal is asked for where there is any, and shown; a page costs few statements either way."""

from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.casefile.queries_beside import found_beside
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel import ids
from tests.factories.files import photo
from tests.factories.merges import merge
from tests.factories.opinions import make_question
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_comments, make_proposal, thread_of
from tests.factories.voices import make_owed, make_voice
from tests.strict_client import StrictClient

MOST_STATEMENTS = 12

SignIn = Callable[[Person], StrictClient]


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def author(session: Any) -> Person:
    return make_person("제안자")


@pytest.fixture
def proposal(round_: Round, author: Person) -> Proposal:
    made = make_proposal(round_, author)
    make_many_comments(thread_of(made), make_person(), roots=3, replies_each=2)
    db.session.commit()
    return made


def _page(proposal: Proposal, region: Region) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def _send_file(proposal: Proposal, region: Region, author: Person, sign_in: SignIn) -> None:
    browser = sign_in(author)
    browser.get(f"{_page(proposal, region)}/edit")
    browser.submit({"files": [(BytesIO(photo()), "건널목.jpg", "image/jpeg")]}, button="제출")


def _merge_later_one(proposal: Proposal, *_: Any) -> None:
    merge(proposal, make_proposal(_round_of(proposal), make_person()))


def _round_of(proposal: Proposal) -> Round:
    return db.session.get_one(Round, (proposal.region_id, proposal.round_id))


#: What is put beside the proposal, and where its page shows that.
PUT_BESIDE: dict[str, tuple[Callable[..., Any], str]] = {
    "files": (_send_file, "//*[@class='gallery']//img"),
    "merges": (_merge_later_one, "//*[contains(@class, 'merge-notices')]"),
    "questions": (
        lambda proposal, region, *_: make_question(region, proposal=proposal, round=_round_of(proposal)),
        "//*[contains(., '밤 공원을 어떻게 쓸까요?')]",
    ),
    "steps": (lambda proposal, *_: make_owed(proposal), "//li[contains(@class, 'ladder__step--owed')]"),
    "voices": (
        lambda proposal, *_: make_voice(proposal, VoiceKind.EXPERT_OPINION),
        "//*[contains(., '교통정책과')]",
    ),
}


@pytest.mark.parametrize("name", PUT_BESIDE)
def test_what_is_put_beside_a_proposal_shows_on_its_page(
    client: StrictClient, sign_in: SignIn, region: Region, author: Person, proposal: Proposal, name: str
) -> None:
    put, shown = PUT_BESIDE[name]
    client.get(_page(proposal, region))
    assert not client.page.xpath(shown)
    put(proposal, region, author, sign_in)
    db.session.commit()
    client.get(_page(proposal, region))
    assert client.page.xpath(shown)
    assert asdict(found_beside(region.id, proposal.id)) == {each: each == name for each in PUT_BESIDE}


def test_a_proposal_that_went_into_another_one_says_so(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    later = make_proposal(round_, make_person())
    merge(proposal, later)
    db.session.commit()
    client.get(_page(later, region))
    assert client.page.xpath("//*[contains(@class, 'merge-notices')]")


def test_a_page_with_nothing_beside_costs_six_statements_and_one_with_everything_few(
    client: StrictClient, sign_in: SignIn, region: Region, author: Person, proposal: Proposal, count_queries: Any
) -> None:
    page = _page(proposal, region)
    with count_queries() as bare:
        client.get(page)
    for put, _shown in PUT_BESIDE.values():
        put(proposal, region, author, sign_in)
    db.session.commit()
    with count_queries() as full:
        client.get(page)
    assert len(bare) == 6, bare
    assert len(bare) < len(full) <= MOST_STATEMENTS, full
