"""A published vote taken home: who may have it, that it counts to what stands on the page, and what it keeps back."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.outcomes.queries_bundle import forget_bundles
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.bundle.archive import read_bundle
from civicvote.domain.polls.bundle.recounting import recount
from civicvote.domain.polls.models import Outcome, Poll, UnsealedBallot
from civicvote.domain.polls.services import add_option, import_election, publish_poll
from civicvote.domain.tally.pabulib.read import read_pabulib, read_pabulib_file
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_resident
from tests.factories.places import make_region
from tests.factories.polls import MILLION, administrator, cast, freeze, make_budget_draft
from tests.integration.polls.conftest import OpenPoll
from tests.integration.polls.test_importing import SMALL

CHOICES = [("road", "book"), ("road",), ("park",), ("book", "bike")] * 3


def publish(open_poll: OpenPoll, choices=CHOICES) -> str:
    """The address of the poll after everybody has voted; the first residents of the list vote."""
    while len(open_poll.voters) < len(choices):
        open_poll.voters.append(make_resident(open_poll.region.id))
    for voter, chosen in zip(open_poll.voters, choices, strict=False):
        cast(voter, open_poll.poll, *chosen)
    open_poll.close_and_count()
    publish_poll(
        actor=open_poll.officer,
        region_id=open_poll.region.id,
        poll_id=open_poll.poll.id,
        key_folder=open_poll.key_folder,
    )
    db.session.commit()
    return f"/regions/{open_poll.region.slug}/polls/{ids.encode(open_poll.poll.id)}"


def test_the_bundle_of_a_budget_vote_counts_to_the_published_outcome(open_budget, client):
    address = publish(open_budget)

    response = client.get(f"{address}/bundle")
    assert response.mimetype == "application/zip"
    bundle = read_bundle(response.data)
    found = recount(bundle)

    assert found.differences == ()
    assert found.agrees
    poll = open_budget.poll
    outcome = db.session.get(Outcome, (poll.region_id, poll.id, poll.counting_rule))
    assert list(found.result.selected) == outcome.result["selected"]
    assert bundle.rules_hash == poll.frozen_hash
    assert (found.ballots, found.receipts) == (12, 12)
    assert bundle.receipts_root == poll.receipts_root


def test_the_page_leads_to_both_files_and_shows_the_hash_of_the_rules(open_budget, client):
    address = publish(open_budget)

    client.get(f"{address}/outcome")

    assert open_budget.poll.frozen_hash in client.text()
    assert client.page.xpath(f"//a[@href='{address}/bundle']")
    assert client.page.xpath(f"//a[@href='{address}/ballots']")


def compared(open_poll: OpenPoll) -> None:
    compare_rules(region_id=open_poll.region.id, poll_id=open_poll.poll.id)
    db.session.commit()


def test_page_and_protocol_show_by_what_the_bundle_is_known_whatever_is_renamed_later(open_budget, client):
    address = publish(open_budget)
    client.get(f"{address}/outcome")
    assert "몇 분 뒤 이 자리에" in client.text(), "before the job"
    compared(open_budget)
    open_budget.poll.title_ko = "나중에 바꾼 제목"
    open_budget.region.name_ko = "나중에 바꾼 이름"
    db.session.commit()
    forget_bundles()

    bundle = read_bundle(client.get(f"{address}/bundle").data)

    for name in ("outcome", "protocol"):
        client.get(f"{address}/{name}")
        assert bundle.manifest_hash in client.text()
    assert recount(bundle, expected_manifest=bundle.manifest_hash).agrees


def test_the_hash_of_ballots_that_are_kept_to_observers_stands_nowhere(open_budget, key_folder, client, sign_in):
    kept = freeze(make_budget_draft(open_budget.region, publishes_ballots=False), open_budget.region, key_folder)
    open_poll = replace(open_budget, poll=kept, voters=[])
    address = publish(open_poll)
    compared(open_poll)
    observer = sign_in(make_officer(open_budget.region.id, Role.OBSERVER))
    manifest = read_bundle(observer.get(f"{address}/bundle").data).manifest_hash
    for name in ("outcome", "protocol"):
        client.get(f"{address}/{name}")
        assert manifest not in client.text()


def test_the_ballots_alone_are_a_pabulib_file_of_the_vote(open_budget, client):
    response = client.get(f"{publish(open_budget)}/ballots")

    election = read_pabulib(BytesIO(response.data))
    assert response.headers["Content-Disposition"].endswith(".pb")
    assert election.warnings == ()
    assert election.profile.supporters == {"road": 6, "book": 6, "park": 3, "bike": 3}
    assert election.meta["country"] == "South Korea"


def test_an_agenda_vote_comes_as_a_table(open_agenda, client):
    address = publish(open_agenda, [("lamp", "tree"), ("tree",)] * 5)

    table = client.get(f"{address}/ballots").data.decode()

    assert table.splitlines()[0] == "number,ballot"
    assert '5,"[""lamp"",""tree""]"' in table
    assert recount(read_bundle(client.get(f"{address}/bundle").data)).agrees


def test_nothing_is_given_out_before_publication(open_budget, client):
    for voter, chosen in zip(open_budget.voters, CHOICES, strict=False):
        cast(voter, open_budget.poll, *chosen)
    open_budget.close_and_count()
    db.session.commit()
    address = f"/regions/{open_budget.region.slug}/polls/{ids.encode(open_budget.poll.id)}"

    for name in ("bundle", "ballots"):
        response = client.get(f"{address}/{name}")
        assert response.status_code in (403, 404)
        assert b"road" not in response.data


def test_ballots_of_fewer_than_ten_voters_are_given_to_nobody(open_budget, client):
    address = publish(open_budget, CHOICES[:9])

    for name in ("bundle", "ballots", "simulator"):
        assert client.get(f"{address}/{name}").status_code == 403
    client.get(f"{address}/outcome")
    assert not client.page.xpath(f"//a[@href='{address}/bundle' or @href='{address}/simulator']")
    assert "투표지를 내어 드리지 않습니다" in client.text()


def test_numbers_of_a_district_of_which_few_voted_stand_on_no_page(session, key_folder, client):
    region = make_region()
    voters = [make_resident(region.id) for _ in range(20)]
    for number, voter in enumerate(voters):
        db.session.get_one(Residency, (region.id, voter.id)).district_code = f"301100000{number // 10 + 1}"
    draft = make_budget_draft(region, ballot=BallotShape(own_district_only=True), options=())
    for key, code in (("here", "3011000001"), ("there", "3011000002"), ("all", None)):
        add_option(poll=draft, key=key, label=f"사업 {key}", cost_amount=MILLION, district_code=code)
    poll = freeze(draft, region, key_folder)
    open_poll = OpenPoll(region, administrator(region), voters, poll, key_folder)
    address = publish(open_poll, [("here", "all")] * 10 + [("there",)] * 7)

    for name in ("outcome", "protocol"):
        client.get(f"{address}/{name}")
        told = client.text()
        assert "투표지 10장 미만" in told
        assert "숫자를 밝히지 않습니다" in told or name == "protocol"
        assert "27" not in client.page.xpath("string(//main//dl[contains(@class, 'stats')])")
    for name in ("bundle", "ballots", "simulator"):
        assert client.get(f"{address}/{name}").status_code == 403
    assert client.get(f"{address}/outcome.png").status_code == 200


def test_a_poll_that_keeps_its_ballots_gives_them_to_observers_only(open_budget, key_folder, client, sign_in):
    region = open_budget.region
    kept = freeze(make_budget_draft(region, publishes_ballots=False), region, key_folder)
    address = publish(replace(open_budget, poll=kept, voters=[]))

    assert client.get(f"{address}/bundle").status_code == 403
    client.get(f"{address}/outcome")
    assert not client.page.xpath(f"//a[@href='{address}/bundle']")
    observer = sign_in(make_officer(region.id, Role.OBSERVER))
    assert recount(read_bundle(observer.get(f"{address}/bundle").data)).agrees


@pytest.mark.parametrize(
    "name", ["clean", "cumulative", "ordinal", "empty_ballots", "decimal_costs", "limits", "withdrawn"]
)
def test_a_vote_held_elsewhere_can_be_counted_again_too(session, client, name):
    path = SMALL / f"{name}.pb"
    imported = import_election(
        election=read_pabulib_file(path), file_name=path.name, file_hash=hashlib.sha256(path.read_bytes()).hexdigest()
    )
    db.session.commit()
    assert db.session.query(Poll).filter_by(id=imported.poll_id).one().source

    found = recount(read_bundle(client.get(f"/regions/{imported.slug}/polls/{imported.poll_key}/bundle").data))

    assert found.differences == ()
    assert found.agrees


def test_a_bundle_of_many_ballots_takes_as_many_statements_as_one_of_few(open_agenda, client, count_queries):
    address = publish(open_agenda, [("lamp", "tree"), ("tree",)] * 6)
    with count_queries() as few:
        client.get(f"{address}/bundle")
    poll = open_agenda.poll
    for number in range(300):
        choices = f'["{("lamp", "tree", "bench", "ramp")[number % 4]}"]'
        db.session.add(UnsealedBallot(region_id=poll.region_id, poll_id=poll.id, key=f"{number:032x}", choices=choices))
    db.session.commit()
    assert client.get(f"{address}/bundle").status_code == 200
    with count_queries() as kept:
        client.get(f"{address}/bundle")
    assert len(kept) < len(few), "it is made once"
    forget_bundles()
    with count_queries() as many:
        client.get(f"{address}/bundle")

    assert len(many) == len(few)
