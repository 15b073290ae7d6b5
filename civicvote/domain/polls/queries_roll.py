"""The roll's rule as SQL, and what it looks at of one person."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance
from civicvote.domain.polls.roll.rule import Resident, RollRule
from civicvote.domain.verification.ages import latest_birth

#: The columns of ``Resident``, to be joined to a statement that is made anyway.
RESIDENT_COLUMNS = tuple(getattr(Residency, name) for name in Resident.__dataclass_fields__)


def resident_from(values: tuple[Any, ...]) -> Resident | None:
    """The residency in the values of ``RESIDENT_COLUMNS``; None where the outer join found none."""
    return Resident(*values) if values[0] is not None else None


def confirmed_residents(region_id: int) -> int:
    """How many could be on a roll at most: everybody whose residency was ever confirmed."""
    return db.session.scalar(sa.select(sa.func.count()).where(Residency.region_id == region_id)) or 0


def is_eligible(rule: RollRule, *, today: date, closes_on: date) -> sa.ColumnElement[bool]:
    """The condition on ``Residency`` that ``roll.rule.obstacle_of`` finds nothing in the way."""
    known_well_enough = [
        sa.and_(
            Residency.residency_class == kind,
            Residency.assurance.in_([each for each in Assurance if each.at_least(minimum)]),
        )
        for kind, minimum in rule.assurances.items()
    ]
    return sa.and_(
        Residency.valid_until_on.is_(None) | (Residency.valid_until_on >= today),
        sa.or_(sa.false(), *known_well_enough),
        Residency.excluded_as.is_(None) | Residency.excluded_as.not_in(rule.excluded_groups),
        Residency.born_on.is_(None)
        | sa.and_(
            Residency.born_on <= latest_birth(closes_on, rule.minimum_age),
            (Residency.born_on <= latest_birth(today, rule.consent_below_age))
            | Residency.guardian_consented_at.is_not(None),
        ),
    )
