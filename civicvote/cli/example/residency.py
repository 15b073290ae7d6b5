"""What the living example says about residency: rules with their clauses, and two accounts of one person.

The laws are named as they are; of the ordinances only that there is one, for their articles differ from city to city.
"""

from civicvote.cli.example.people import Cast, neighbour
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.rules import ClassRule, Exclusion
from civicvote.domain.verification.services_desk import Identity, confirm_at_desk
from civicvote.domain.verification.services_rules import lay_down_class, lay_down_exclusion
from civicvote.kernel.keys import KeyRing

_BUDGET_KO = "지방재정법 제39조, 시 주민참여예산 조례"
_BUDGET_EN = "Local Finance Act, Article 39; the city's ordinance on participatory budgeting"

_CLASSES = (
    ClassRule(residency_class=ResidencyClass.ADDRESS, valid_months=24, clause_ko=_BUDGET_KO, clause_en=_BUDGET_EN),
    ClassRule(
        residency_class=ResidencyClass.WORK,
        minimum_assurance=Assurance.IN_PERSON,
        valid_months=12,
        clause_ko=_BUDGET_KO,
        clause_en=_BUDGET_EN,
    ),
    ClassRule(residency_class=ResidencyClass.STUDY, valid_months=12, clause_ko=_BUDGET_KO, clause_en=_BUDGET_EN),
)
_EXCLUSIONS = (
    Exclusion(excluded_group=ExcludedGroup.STAFF, clause_ko=_BUDGET_KO, clause_en=_BUDGET_EN),
    Exclusion(excluded_group=ExcludedGroup.COUNCIL, clause_ko=_BUDGET_KO, clause_en=_BUDGET_EN),
    Exclusion(
        excluded_group=ExcludedGroup.UNDER_AGE,
        clause_ko="공직선거법 제15조, 개인정보 보호법 제22조의2",
        clause_en="Public Official Election Act, Article 15; Personal Information Protection Act, Article 22-2",
    ),
)


def lay_down_rules(cast: Cast, region: RegionScope) -> None:
    administrator = cast.actor("admin@example.org")
    for rule in _CLASSES:
        lay_down_class(actor=administrator, region_id=region.id, rule=rule)
    for exclusion in _EXCLUSIONS:
        lay_down_exclusion(actor=administrator, region_id=region.id, rule=exclusion)


def meet_twice(cast: Cast, region: RegionScope, keys: KeyRing) -> None:
    """Somebody who forgot an old account comes to the desk with a new one: an administrator has to decide."""
    for number in (0, 1):
        confirm_at_desk(
            actor=cast.actor("clerk@example.org"),
            region=region,
            email=neighbour(number),
            identity=Identity(legal_name="가나다", born_on="1967-09-30"),
            residency_class=ResidencyClass.ADDRESS,
            assurance=Assurance.IN_PERSON,
            evidence="주민등록증",
            keys=keys,
        )
