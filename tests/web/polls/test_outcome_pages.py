"""Outcome pages: winners first, reasons, ties, numbers; own polls and those of other places."""

import hashlib
from dataclasses import asdict

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import import_election, publish_poll
from civicvote.domain.polls.states import PollState
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.kernel import clock, ids
from tests.factories.places import make_region, make_round
from tests.factories.polls import agenda_plan, cast
from tests.integration.polls.test_importing import SMALL
from tests.real_data import real_files, require_real_data


def publish(open_poll) -> str:
    open_poll.close_and_count()
    publish_poll(
        actor=open_poll.officer,
        region_id=open_poll.region.id,
        poll_id=open_poll.poll.id,
        key_folder=open_poll.key_folder,
    )
    db.session.commit()
    return f"/regions/{open_poll.region.slug}/polls/{ids.encode(open_poll.poll.id)}/outcome"


def test_a_budget_outcome_says_who_won_with_which_money_and_why_not_the_others(open_budget, client):
    for voter, choices in zip(
        open_budget.voters, [("road", "book"), ("road",), ("park",), ("book", "road")], strict=False
    ):
        cast(voter, open_budget.poll, *choices)
    client.get(publish(open_budget))

    titles = [
        node.text_content() for node in client.page.xpath("//*[contains(@class,'winners')]//*[@class='row__title']")
    ]
    assert titles[0] == "1. 안전한 통학로"
    text = client.text()
    assert "6,000만 원" in text
    assert "5,000만 원이 모자랐습니다" in text
    assert "명부 5명의 80.0%" in text


def test_a_tie_is_shown_with_the_seed_and_a_command_to_recompute_it(open_agenda, client):
    for voter, choice in zip(open_agenda.voters, ["lamp", "tree", "bench"], strict=False):
        cast(voter, open_agenda.poll, choice)
    seed = open_agenda.poll.tie_break.removeprefix("seed:")
    client.get(publish(open_agenda))

    text = client.text()
    assert "미리 정한 순서에 따라 선정이 갈렸습니다" in text
    commands = client.page.xpath("string(//pre)")
    printed = [line.split('"') for line in commands.strip().splitlines()]
    assert {parts[1] for parts in printed} == {seed}
    tickets = {hashlib.sha256(f"{seed}\0{parts[3]}".encode()).hexdigest()[:16] for parts in printed}
    assert all(ticket in text for ticket in tickets)
    assert len(tickets) == 3


def test_nothing_of_an_outcome_is_seen_before_it_is_published(open_agenda, client, sign_in):
    cast(open_agenda.voters[0], open_agenda.poll, "lamp")
    open_agenda.close_and_count()
    db.session.commit()
    for browser in (client, sign_in(open_agenda.voters[0])):
        response = browser.get(
            f"/regions/{open_agenda.region.slug}/polls/{ids.encode(open_agenda.poll.id)}/outcome",
            follow_redirects=True,
        )
        assert response.request.path.endswith(ids.encode(open_agenda.poll.id))
        assert "선정 3자리" not in browser.text()
        assert "1표" not in browser.text()


def bring_in(path) -> str:
    imported = import_election(
        election=read_pabulib_file(path),
        file_name=path.name,
        file_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    db.session.commit()
    return f"/regions/{imported.slug}/polls/{imported.poll_key}/outcome"


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", ["clean", "cumulative", "no_currency", "decimal_costs", "tie_changes_winners"])
def test_an_imported_poll_has_its_page_in_both_languages(session, client, name, language):
    address = bring_in(SMALL / f"{name}.pb")
    assert client.get(language + address).status_code == 200
    assert f"{name}.pb" in client.text()


def test_amounts_without_a_currency_are_plain_numbers(session, client):
    client.get(bring_in(SMALL / "no_currency.pb"))
    assert "XXX" not in client.text()


def test_every_real_election_has_its_page(session, client):
    require_real_data()
    for path in real_files("pabulib/*.pb"):
        if path.stat().st_size < 1_000_000:
            assert client.get(bring_in(path)).status_code == 200, path.name
            assert path.name in client.text()


def test_the_list_of_outcomes_takes_as_many_statements_at_60_as_at_2000(session, client, count_queries):
    counts = []
    for size in (60, 2000):
        region = make_region()
        _many_published(region, size)
        db.session.commit()
        with count_queries() as statements:
            client.get(f"/regions/{region.slug}/votes")
        counts.append(len(statements))
        assert len(client.page.xpath("//*[@id='outcomes']//li")) == 20
        address = client.page.xpath("//a[@rel='next']/@href")[0]
        client.get(address)
        assert len(client.page.xpath("//*[@id='outcomes']//li")) == 20
    assert counts[0] == counts[1] <= 4


def _many_published(region, number: int) -> None:
    round_ = make_round(region)
    values = asdict(agenda_plan()) | {
        "region_id": region.id,
        "round_id": round_.id,
        "tie_break": "id",
        "state": PollState.PUBLISHED,
        "published_at": clock.now(),
        "source": "",
    }
    db.session.execute(sa.insert(Poll), [{**values, "id": ids.new_id()} for _ in range(number)])
