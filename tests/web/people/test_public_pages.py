"""Pages that everybody may read, in both languages, before and after the facts were loaded."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.cli.regions import FACTS
from civicvote.domain.regions.facts import read_facts
from civicvote.domain.regions.services import load_facts
from civicvote.kernel.phases import Phase
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient


@pytest.fixture
def facts(session: Session) -> None:
    load_facts(read_facts(FACTS.read_text("utf-8")))
    session.commit()


@pytest.mark.parametrize("path", ["/", "/how", "/promises", "/accessibility", "/licences", "/regions"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_public_pages_answer_before_anything_was_loaded(client: StrictClient, prefix: str, path: str) -> None:
    assert client.get(prefix + path).status_code == 200
    assert client.page.get("lang") == ("en" if prefix else "ko")
    assert not client.page.xpath("//input[@name='csrf_token']"), "an anonymous page can be cached"


def test_promises_say_what_is_not_promised(client: StrictClient) -> None:
    client.get("/en/promises")
    text = client.text()
    for limit in ("looks over your shoulder", "taken over", "rare combination", "single machine"):
        assert limit in text
    client.get("/promises")
    assert "약속하지 않는 것" in client.text()


def test_licences_name_each_vendored_package(client: StrictClient) -> None:
    client.get("/licences")
    for name in ("htmx.org", "krds-uiux", "pretendard-gov", "Pabulib", "Polis"):
        assert name in client.text()


@pytest.mark.usefixtures("facts")
def test_hub_shows_the_eight_platforms_and_the_countrys_figures(client: StrictClient) -> None:
    client.get("/regions")
    table = client.page.xpath("//table[contains(@class, 'data')]")[0]
    assert len(table.xpath("./tbody/tr")) == 8
    assert "122" in table.xpath("./tfoot")[0].text_content()
    for figure in ("272", "475", "72"):
        assert figure in client.text()
    assert "행정안전부" in client.text(), "each figure names its source"


@pytest.mark.usefixtures("facts")
def test_region_shows_institutions_and_figures_with_sources(client: StrictClient) -> None:
    client.get("/regions/gwangju")
    assert "2019" in client.text()
    assert "광주도시공사" in client.text()
    assert "hotn.kr/465614" in client.text()
    client.get("/regions/seoul-gangseo")
    trail = [" ".join(link.text_content().split()) for link in client.page.xpath("//nav[@class='breadcrumbs']//li")]
    assert trail == ["지역", "서울특별시", "서울 강서구"]


def test_unknown_region_is_404(client: StrictClient) -> None:
    assert client.get("/regions/atlantis").status_code == 404


def test_home_opens_the_door_of_a_running_round(client: StrictClient, session: Session) -> None:
    region = make_region(name_ko="빛고을")
    make_round(region, Phase.DISCOVERY)
    session.commit()
    client.get("/")
    assert client.page.xpath("//section[contains(@class, 'door')]//a[contains(@href, '/proposals')]")
    assert "빛고을" in client.text()
    assert "4일 남음" in client.text() or "5일 남음" in client.text()


def test_home_does_not_invite_to_a_vote_that_nobody_opened(client: StrictClient, session: Session) -> None:
    make_round(make_region(), Phase.BUDGET_VOTE)
    session.commit()
    client.get("/en/")
    assert "Read and discuss" in client.text()


@pytest.mark.usefixtures("facts")
def test_other_regions_page_by_key_with_as_many_statements_at_any_size(
    client: StrictClient, session: Session, count_queries: Any
) -> None:
    for number in range(60):
        make_region(name_ko=f"마을 {number}")
    session.commit()
    with count_queries() as few:
        client.get("/regions")
    seen = client.page.xpath("//ul[@id='other-regions']/li/p[@class='row__title']")
    assert len(seen) == 20
    rest = client.page.xpath("//a[@rel='next']")[0].get("href")
    for number in range(1_940):
        make_region(name_ko=f"고을 {number}")
    session.commit()
    with count_queries() as many:
        client.get("/regions")
    assert len(few) == len(many)
    fragment = client.get(rest, headers={"HX-Request": "true"})
    assert fragment.get_data(as_text=True).count("row__title") == 20
