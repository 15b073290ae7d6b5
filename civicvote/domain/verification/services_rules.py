"""An administrator lays down who counts as a resident, and which groups have no ballot."""

from dataclasses import asdict
from typing import Any

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.verification.errors import AgesUnusable, MonthsUnusable
from civicvote.domain.verification.models import ExclusionRule, ResidencyRule
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.rules import CONSENT_BELOW_AGE, MOST_MONTHS, OLDEST_MINIMUM_AGE, ClassRule, Exclusion
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers


def lay_down_class(*, actor: Actor, region_id: int, rule: ClassRule) -> None:
    """Make this the rule of its class. Who is confirmed stays so; polls whose rules are fixed keep theirs.

    Raises ``MonthsUnusable``, ``PersonalNumber``, ``NotPermitted``."""
    require(actor, Permission.RESIDENCY_RULE, region_id)
    if rule.valid_months is not None and not 1 <= rule.valid_months <= MOST_MONTHS:
        raise MonthsUnusable(most=MOST_MONTHS)
    before = region_rules(region_id).classes[rule.residency_class]
    db.session.merge(ResidencyRule(region_id=region_id, **_values(rule)))
    _record(actor, region_id, f"class:{rule.residency_class}", before, rule)


def lay_down_exclusion(*, actor: Actor, region_id: int, rule: Exclusion) -> None:
    """Make this the rule of its group. Raises ``AgesUnusable``, ``PersonalNumber``, ``NotPermitted``."""
    require(actor, Permission.RESIDENCY_RULE, region_id)
    for name, youngest in (("minimum_age", 0), ("consent_below_age", CONSENT_BELOW_AGE)):
        if not youngest <= getattr(rule, name) <= OLDEST_MINIMUM_AGE:
            raise AgesUnusable(field=name, youngest=youngest, oldest=OLDEST_MINIMUM_AGE)
    before = region_rules(region_id).exclusions[rule.excluded_group]
    db.session.merge(ExclusionRule(region_id=region_id, **_values(rule)))
    _record(actor, region_id, f"group:{rule.excluded_group}", before, rule)


def _values(rule: ClassRule | Exclusion) -> dict[str, Any]:
    values = asdict(rule)
    for name in ("clause_ko", "clause_en"):
        refuse_personal_numbers(values[name], field=name)
        values[name] = clean_text(values[name])
    return values


def _record(
    actor: Actor, region_id: int, subject: str, before: ClassRule | Exclusion, after: ClassRule | Exclusion
) -> None:
    db.session.flush()
    old, new = asdict(before), _values(after)
    changed = [name for name in new if new[name] != old[name]]
    if changed:
        record(
            region_id=region_id,
            actor_id=actor.person_id,
            verb=AuditVerb.RESIDENCY_RULE,
            subject=subject,
            detail={"before": {name: old[name] for name in changed}, "after": {name: new[name] for name in changed}},
        )
