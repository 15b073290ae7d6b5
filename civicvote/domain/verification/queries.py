"""Reads of verification: what a region asks of its residents."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.residency import ExcludedGroup, ResidencyClass
from civicvote.domain.verification.models import ExclusionRule, ResidencyRule
from civicvote.domain.verification.rules import (
    CONSENT_BELOW_AGE,
    VOTING_AGE,
    ClassRule,
    Exclusion,
    RegionRules,
)


def region_rules(region_id: int) -> RegionRules:
    """What the region laid down, and the defaults for what it did not. Two statements."""
    classes = {each: ClassRule(residency_class=each) for each in ResidencyClass}
    for row in db.session.scalars(sa.select(ResidencyRule).where(ResidencyRule.region_id == region_id)):
        classes[row.residency_class] = ClassRule(
            residency_class=row.residency_class,
            is_admitted=row.is_admitted,
            minimum_assurance=row.minimum_assurance,
            valid_months=row.valid_months,
            clause_ko=row.clause_ko,
            clause_en=row.clause_en,
        )
    exclusions = {each: Exclusion(excluded_group=each) for each in ExcludedGroup}
    for rule in db.session.scalars(sa.select(ExclusionRule).where(ExclusionRule.region_id == region_id)):
        exclusions[rule.excluded_group] = Exclusion(
            excluded_group=rule.excluded_group,
            is_excluded=rule.is_excluded,
            minimum_age=VOTING_AGE if rule.minimum_age is None else rule.minimum_age,
            consent_below_age=CONSENT_BELOW_AGE if rule.consent_below_age is None else rule.consent_below_age,
            clause_ko=rule.clause_ko,
            clause_en=rule.clause_en,
        )
    return RegionRules(classes, exclusions)
