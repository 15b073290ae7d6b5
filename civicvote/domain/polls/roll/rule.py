"""The roll's rule: who may vote in a poll, as it was fixed with the poll's other rules.

Living in the region and voting in it are two things: the region says how surely a class of residents must be known and
which groups have no ballot, the poll says from which age. ``queries_roll.is_eligible`` says the same in SQL for the
whole roll at once; a property test holds the two together.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.ages import age_on
from civicvote.domain.verification.rules import CONSENT_BELOW_AGE, VOTING_AGE, ClassRule, Exclusion, RegionRules


class Obstacle(StrEnum):
    """Why somebody may not vote (yet), in the order in which it is asked."""

    NOT_CONFIRMED = "not_confirmed"
    RUN_OUT = "run_out"
    CLASS_NOT_ADMITTED = "class_not_admitted"
    NOT_SURE_ENOUGH = "not_sure_enough"
    STAFF = "staff"
    COUNCIL = "council"
    UNDER_AGE = "under_age"
    CONSENT_MISSING = "consent_missing"


_OBSTACLE_OF_GROUP = {
    ExcludedGroup.STAFF: Obstacle.STAFF,
    ExcludedGroup.COUNCIL: Obstacle.COUNCIL,
    ExcludedGroup.UNDER_AGE: Obstacle.UNDER_AGE,
}


def _any_confirmed() -> dict[ResidencyClass, Assurance]:
    return dict.fromkeys(ResidencyClass, Assurance.ROLL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRule:
    """``minimum_age``: full years on the day the poll closes. ``assurances``: the classes that belong, and how surely
    each must be known. ``excluded_groups``: staff, council. A minor below ``consent_below_age`` needs a guardian."""

    minimum_age: int = VOTING_AGE
    consent_below_age: int = CONSENT_BELOW_AGE
    assurances: dict[ResidencyClass, Assurance] = field(default_factory=_any_confirmed)
    excluded_groups: tuple[ExcludedGroup, ...] = (ExcludedGroup.COUNCIL, ExcludedGroup.STAFF)


@dataclass(frozen=True, slots=True)
class Resident:
    """A residency as the rule looks at it. Without ``born_on`` the person is of age."""

    residency_class: ResidencyClass
    assurance: Assurance
    valid_until_on: date | None
    excluded_as: ExcludedGroup | None
    born_on: date | None
    guardian_consented_at: datetime | None


def rule_of(rules: RegionRules, minimum_age: int) -> RollRule:
    """The rule of a poll that is fixed now."""
    return RollRule(
        minimum_age=minimum_age,
        consent_below_age=rules.consent_below_age,
        assurances={rule.residency_class: rule.minimum_assurance for rule in rules.admitted},
        excluded_groups=tuple(
            group
            for group in sorted(ExcludedGroup)
            if group is not ExcludedGroup.UNDER_AGE and rules.exclusions[group].is_excluded
        ),
    )


def obstacle_of(rule: RollRule, resident: Resident | None, *, today: date, closes_on: date) -> Obstacle | None:
    """What keeps somebody from voting today in a poll that closes on ``closes_on``; None of whoever may vote."""
    if resident is None:
        return Obstacle.NOT_CONFIRMED
    return _in_the_residency(rule, resident, today) or _in_the_age(rule, resident, today, closes_on)


def _in_the_residency(rule: RollRule, resident: Resident, today: date) -> Obstacle | None:
    if resident.valid_until_on is not None and resident.valid_until_on < today:
        return Obstacle.RUN_OUT
    minimum = rule.assurances.get(resident.residency_class)
    if minimum is None:
        return Obstacle.CLASS_NOT_ADMITTED
    if not resident.assurance.at_least(minimum):
        return Obstacle.NOT_SURE_ENOUGH
    if resident.excluded_as in rule.excluded_groups:
        return _OBSTACLE_OF_GROUP[resident.excluded_as]
    return None


def _in_the_age(rule: RollRule, resident: Resident, today: date, closes_on: date) -> Obstacle | None:
    if resident.born_on is None:
        return None
    if age_on(closes_on, resident.born_on) < rule.minimum_age:
        return Obstacle.UNDER_AGE
    if age_on(today, resident.born_on) < rule.consent_below_age and resident.guardian_consented_at is None:
        return Obstacle.CONSENT_MISSING
    return None


def ground_of(
    rules: RegionRules, obstacle: Obstacle, residency_class: ResidencyClass | None
) -> ClassRule | Exclusion | None:
    """The region's rule, with its clause, behind what stands in the way; None where it is none of the region's."""
    match obstacle:
        case Obstacle.STAFF | Obstacle.COUNCIL:
            return rules.exclusions[ExcludedGroup(obstacle.value)]
        case Obstacle.UNDER_AGE | Obstacle.CONSENT_MISSING:
            return rules.exclusions[ExcludedGroup.UNDER_AGE]
        case Obstacle.CLASS_NOT_ADMITTED | Obstacle.NOT_SURE_ENOUGH if residency_class is not None:
            return rules.classes[residency_class]
        case _:
            return None


def write(rule: RollRule) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "minimum_age": rule.minimum_age,
        "consent_below_age": rule.consent_below_age,
        "assurances": {kind.value: minimum.value for kind, minimum in rule.assurances.items()},
        "excluded_groups": [group.value for group in rule.excluded_groups],
    }


def read(value: Any) -> RollRule:
    """What ``write`` wrote. Rules that were fixed before polls had such a rule name it ``confirmed-residents``."""
    if isinstance(value, str):
        return RollRule()
    return RollRule(
        minimum_age=value["minimum_age"],
        consent_below_age=value["consent_below_age"],
        assurances={ResidencyClass(kind): Assurance(minimum) for kind, minimum in value["assurances"].items()},
        excluded_groups=tuple(ExcludedGroup(group) for group in value["excluded_groups"]),
    )
