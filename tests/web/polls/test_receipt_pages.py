"""The pages of receipts: one's own, the list, and looking one up; none of them tells a choice."""

import pytest

from civicvote.db import db
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.services import publish_poll
from civicvote.kernel import ids
from civicvote.web import throttle
from civicvote.web.throttle import Limit
from tests.factories.polls import cast


def address(open_poll, tail="") -> str:
    return f"/regions/{open_poll.region.slug}/polls/{ids.encode(open_poll.poll.id)}{tail}"


@pytest.fixture
def closed(open_agenda):
    """A closed poll and the receipts of its five voters, each of whom chose something else."""
    choices = [("lamp",), ("tree",), ("bench", "ramp"), ("lamp", "tree"), ("ramp",)]
    receipts = [
        cast(voter, open_agenda.poll, *chosen).code for voter, chosen in zip(open_agenda.voters, choices, strict=True)
    ]
    open_agenda.close()
    db.session.commit()
    return open_agenda, receipts


def test_while_the_vote_is_open_the_page_says_when_the_list_comes_and_looks_nothing_up(open_agenda, client):
    code = cast(open_agenda.voters[0], open_agenda.poll, "lamp").code
    db.session.commit()
    for tail in ("/receipts", f"/receipts?code={code}"):
        client.get(address(open_agenda, tail))
        assert "마감될 때 만들어집니다" in client.text()
    assert client.get(address(open_agenda, "/receipts/text")).text == ""


def test_everybody_reads_the_list_and_takes_it_as_a_file_whose_root_is_the_published_one(closed, client):
    open_poll, receipts = closed
    client.get(address(open_poll, "/receipts"))
    assert all(code in client.text() for code in receipts)
    assert open_poll.poll.receipts_root in client.text()
    lines = client.get(address(open_poll, "/receipts/text")).text.splitlines()
    assert lines == sorted(receipts)
    assert merkle.root([merkle.leaf(code) for code in lines]).hex() == open_poll.poll.receipts_root


def test_a_receipt_is_found_however_it_was_copied(closed, client):
    open_poll, receipts = closed
    client.get(address(open_poll, "/receipts"))
    printed = " ".join(receipts[2][at : at + 8] for at in range(0, 64, 8))
    client.get(address(open_poll, "/receipts"), query_string={"code": f" {printed.upper()} "})
    place = sorted(receipts).index(receipts[2]) + 1
    assert f"전체 5개 중 {place}번째" in client.text()


def test_one_that_is_not_there_is_told_kindly_and_one_that_is_none_beside_the_field(closed, client):
    open_poll, _ = closed
    answer = client.get(address(open_poll, "/receipts"), query_string={"code": "ab" * 32})
    assert answer.status_code == 200
    assert "이 접수증은 목록에 없습니다" in client.text()
    answer = client.get(address(open_poll, "/receipts"), query_string={"code": "나의 접수증"})
    assert answer.status_code == 422
    assert client.page.xpath("//*[@id='code-error']")
    assert client.page.xpath("string(//input[@name='code']/@value)") == "나의접수증"


def test_a_voters_own_page_proves_the_receipt_after_closing_and_not_before(open_agenda, sign_in):
    code = cast(open_agenda.voters[0], open_agenda.poll, "lamp").code
    db.session.commit()
    browser = sign_in(open_agenda.voters[0])
    browser.get(address(open_agenda, "/receipt"))
    assert "전체" not in browser.text()
    open_agenda.close()
    db.session.commit()
    browser.get(address(open_agenda, "/receipt"))
    assert "전체 1개 중 1번째" in browser.text()
    assert code[:8] in browser.text()


def test_looking_up_takes_as_much_to_say_whatever_was_chosen(closed, client):
    """Two receipts of the same length in places of the same length: the answers are equally long."""
    open_poll, receipts = closed
    sizes = set()
    for code in sorted(receipts)[:4]:
        answer = client.get(address(open_poll, "/receipts"), query_string={"code": code})
        sizes.add(len(answer.data))
    assert len(sizes) == 1


def test_the_receipts_page_is_equally_long_whatever_was_chosen(open_agenda, sign_in):
    sizes = set()
    for voter, choices in zip(open_agenda.voters, [("lamp",), ("bench", "ramp"), ("tree",)], strict=False):
        voter.display_name = "주민"
        cast(voter, open_agenda.poll, *choices)
        db.session.commit()
        sizes.add(len(sign_in(voter).get(address(open_agenda, "/receipt")).data))
    assert len(sizes) == 1


def test_another_persons_receipt_opens_no_page_of_theirs(closed, sign_in):
    """Who knows a neighbour's receipt learns that it is in the list, as everybody can, and nothing else."""
    open_poll, receipts = closed
    neighbour = sign_in(open_poll.voters[1])
    neighbour.get(address(open_poll, "/receipts"), query_string={"code": receipts[0]})
    text = neighbour.text()
    assert open_poll.voters[0].display_name not in text
    for label in ("골목길 가로등", "가로수 그늘", "쉬어 가는 의자", "경사로"):
        assert label not in text


def test_the_outcome_leads_to_the_list(open_agenda, client):
    cast(open_agenda.voters[0], open_agenda.poll, "lamp")
    open_agenda.close_and_count()
    publish_poll(
        actor=open_agenda.officer,
        region_id=open_agenda.region.id,
        poll_id=open_agenda.poll.id,
        key_folder=open_agenda.key_folder,
    )
    db.session.commit()
    client.get(address(open_agenda, "/outcome"))
    assert client.page.xpath(f"//main//a[@href='{address(open_agenda, '/receipts')}']")


def test_the_list_as_a_file_is_made_once_for_whoever_kept_it(closed, client, count_queries):
    open_poll, receipts = closed
    first = client.get(address(open_poll, "/receipts/text"))
    assert first.text.split() == sorted(receipts)
    assert first.headers["ETag"] == f'"{open_poll.poll.receipts_root}"'
    assert "no-store" not in first.headers["Cache-Control"]
    with count_queries() as statements:
        again = client.get(address(open_poll, "/receipts/text"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert not any("ballot_receipts.code" in statement for statement in statements)
    other = client.get(address(open_poll, "/receipts/text"), headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_a_network_that_loads_the_list_without_end_is_slowed_down_and_no_other(closed, client):
    open_poll, _ = closed
    where = address(open_poll, "/receipts/text")
    kept = client.get(where).headers["ETag"]
    for _ in range(throttle.RATES[Limit.RECEIPTS].amount - 1):
        throttle.count(Limit.RECEIPTS, "127.0.0.1")
    refused = client.get(where)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(where, headers={"If-None-Match": kept}).status_code == 304
    assert client.get(where, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
