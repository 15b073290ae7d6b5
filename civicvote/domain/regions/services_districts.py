"""Load the administrative districts."""

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.regions.districts import DistrictFact
from civicvote.domain.regions.models import District


def load_districts(facts: Sequence[DistrictFact]) -> int:
    """Store the districts, or bring what is stored up to them; returns how many changed. Nothing is ever removed:
    proposals of past rounds name districts that stand no more."""
    stored = {
        row[0]: tuple(row)
        for row in db.session.execute(
            sa.select(
                District.code,
                District.parent_code,
                District.level,
                District.name_ko,
                District.created_on,
                District.abolished_on,
            )
        )
    }
    new = [asdict(fact) for fact in facts if fact.code not in stored]
    changed = [
        asdict(fact) for fact in facts if fact.code in stored and stored[fact.code] != tuple(asdict(fact).values())
    ]
    if new:
        db.session.execute(sa.insert(District), new)
    if changed:
        db.session.execute(sa.update(District), changed)
    return len(new) + len(changed)
