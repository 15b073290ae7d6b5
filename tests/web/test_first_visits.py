"""Whoever arrives for the first time, on whatever page, waits for eight files at most, the page itself among them."""

from gzip import decompress
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from tests.factories.people import make_resident
from tests.factories.placed import make_gwangju
from tests.factories.places import make_round
from tests.factories.talk import make_proposal
from tests.strict_client import StrictClient

MOST = 8
COMPRESSED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def proposal(session: Any) -> Proposal:
    """One with a point on the map, whose page needs the most."""
    round_ = make_round(make_gwangju())
    author = make_resident(round_.region_id)
    made = make_proposal(round_, author)
    made.latitude_e6, made.longitude_e6 = 35_141_300, 126_924_700
    db.session.commit()
    return made


def _files(client: StrictClient, address: str) -> list[str]:
    assert client.get(address).status_code == 200, address
    linked = client.page.xpath(
        "//link[contains(' stylesheet icon manifest ', concat(' ', @rel, ' '))]/@href | //script/@src | //img/@src"
    )
    return [address, *dict.fromkeys(each for each in linked if not each.startswith("data:"))]


def _addresses(proposal: Proposal) -> list[str]:
    round_key = ids.encode(db.session.scalar(sa.select(Round.id)) or 0)
    listed = f"/regions/gwangju-test/rounds/{round_key}/proposals"
    here = f"/regions/gwangju-test/proposals/{ids.encode(proposal.id)}"
    return [
        "/",
        listed,
        f"{listed}?view=map",
        f"{listed}/new",
        here,
        f"{here}/case",
        f"/regions/gwangju-test/threads/{ids.encode(proposal.thread_id)}",
    ]


def test_no_page_asks_for_more_than_eight_files(client: StrictClient, sign_in: Any, proposal: Proposal) -> None:
    reader: StrictClient = sign_in(make_resident(proposal.region_id))
    db.session.commit()
    counted = {address: _files(reader, address) for address in _addresses(proposal)}
    assert {address: len(files) for address, files in counted.items() if len(files) > MOST} == {}, counted
    assert any("+" in file for files in counted.values() for file in files), "no script is joined any more"


def test_joined_scripts_come_as_one_file_and_only_as_they_are_asked_for(
    client: StrictClient, proposal: Proposal
) -> None:
    *_, script = (each for each in _files(client, _addresses(proposal)[4]) if "+" in each)
    answer = client.get(script, headers=COMPRESSED)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    for name in ("share", "threads", "places"):
        alone = client.get(script.replace("places+share+threads", name), headers=COMPRESSED)
        assert decompress(alone.get_data()) in decompress(answer.get_data())
    for wrong in ("share+places", "share+share", "places+nothing", "places+../css/civicvote", "+share", "places+"):
        assert client.get(script.replace("places+share+threads", wrong)).status_code == 404, wrong
