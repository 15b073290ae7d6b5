"""Regions with districts and boundaries, and many proposals somewhere in them."""

import random
from datetime import timedelta

from sqlalchemy import insert

from civicvote.cli.regions import DISTRICTS
from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.districts import read_districts
from civicvote.domain.regions.models import Region
from civicvote.domain.regions.services_districts import load_districts
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock, ids
from civicvote.kernel.lots import draw_lot
from civicvote.kernel.visibility import Visibility
from tests.factories.places import make_region
from tests.factories.talk import BODY, SUMMARY

#: Dongs of Gwangju in two of its districts, a whole district, none.
PLACES = ("2911068500", "2911054500", "2917062000", "2920000000", None)


def make_gwangju(slug: str = "gwangju-test", code: str = "2900000000") -> Region:
    """A region with the code of Gwangju; the districts of Seoul, Gwangju and Chungbuk."""
    facts = read_districts(DISTRICTS.read_text("utf-8").splitlines())
    load_districts([fact for fact in facts if fact.code.startswith(("11", "29", "43"))])
    region = make_region(slug, name_ko="광주광역시", name_en="Gwangju")
    region.code = code
    db.session.flush()
    return region


def make_scattered(round_: Round, author: Person, count: int, seed: int = 1) -> list[Proposal]:
    """``count`` proposals with field, state, visibility, district, point and day by chance."""
    chance = random.Random(seed)  # noqa: S311 – the same scatter every time
    threads, rows = [], []
    for number in range(count):
        posted = clock.now() - timedelta(days=chance.choice((0, 3, 6, 20, 60, 200)))
        thread_id = ids.new_id()
        has_point = chance.random() < 0.5
        threads.append(
            {
                "region_id": round_.region_id,
                "id": thread_id,
                "group_id": round_.id,
                "comment_count": number % 7,
                "for_count": 0,
                "against_count": 0,
                "created_at": posted,
            }
        )
        rows.append(
            {
                "region_id": round_.region_id,
                "id": ids.id_of_moment(posted, number + 1),
                "round_id": round_.id,
                "author_id": author.id,
                "thread_id": thread_id,
                "title": f"제안 {number}",
                "summary": SUMMARY,
                "body": BODY,
                "body_html": "",
                "field_key": chance.choice(("safety", "environment", "welfare")),
                "place": "",
                "district_code": chance.choice(PLACES),
                "latitude_e6": 35_146_600 + chance.randrange(-20_000, 20_000) if has_point else None,
                "longitude_e6": 126_900_000 + chance.randrange(-20_000, 20_000) if has_point else None,
                "lot": draw_lot(),
                "state": chance.choice(list(ProposalState)),
                "visibility": Visibility.HIDDEN if chance.random() < 0.1 else Visibility.VISIBLE,
                "endorsement_count": number % 5,
                "version": 1,
                "submitted_at": posted,
            }
        )
    db.session.execute(insert(Thread), threads)
    db.session.execute(insert(Proposal), rows)
    db.session.flush()
    wanted = [row["id"] for row in rows]
    return [db.session.get_one(Proposal, (round_.region_id, each)) for each in wanted]
