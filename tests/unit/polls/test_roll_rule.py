"""Who may vote: the first thing that stands in the way is named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.polls.roll import rule as roll_rule
from civicvote.domain.polls.roll.rule import Obstacle, Resident, RollRule, ground_of, obstacle_of, rule_of
from civicvote.domain.verification.rules import ClassRule, Exclusion, RegionRules

TODAY, CLOSES_ON = date(2026, 11, 23), date(2026, 12, 1)
RULE = RollRule(
    minimum_age=12,
    consent_below_age=14,
    assurances={ResidencyClass.ADDRESS: Assurance.ROLL, ResidencyClass.WORK: Assurance.IN_PERSON},
    excluded_groups=(ExcludedGroup.STAFF, ExcludedGroup.COUNCIL),
)
ADULT = Resident(ResidencyClass.ADDRESS, Assurance.LETTER_CODE, None, None, None, None)
CONSENTED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({}, None),
        ({"valid_until_on": TODAY}, None),
        ({"valid_until_on": TODAY - timedelta(days=1)}, Obstacle.RUN_OUT),
        ({"residency_class": ResidencyClass.STUDY}, Obstacle.CLASS_NOT_ADMITTED),
        ({"residency_class": ResidencyClass.WORK}, Obstacle.NOT_SURE_ENOUGH),
        ({"assurance": Assurance.SELF_DECLARED}, Obstacle.NOT_SURE_ENOUGH),
        ({"excluded_as": ExcludedGroup.STAFF}, Obstacle.STAFF),
        ({"excluded_as": ExcludedGroup.COUNCIL}, Obstacle.COUNCIL),
        ({"born_on": date(2014, 12, 2)}, Obstacle.UNDER_AGE),
        ({"born_on": date(2014, 12, 1)}, Obstacle.CONSENT_MISSING),
        ({"born_on": date(2014, 12, 1), "guardian_consented_at": CONSENTED}, None),
        ({"born_on": date(2012, 11, 24)}, Obstacle.CONSENT_MISSING),
        ({"born_on": date(2012, 11, 23)}, None),
    ],
)
def test_what_stands_in_the_way(changes: dict, obstacle: Obstacle | None) -> None:
    assert obstacle_of(RULE, replace(ADULT, **changes), today=TODAY, closes_on=CLOSES_ON) is obstacle


def test_nobody_votes_without_a_residency() -> None:
    assert obstacle_of(RULE, None, today=TODAY, closes_on=CLOSES_ON) is Obstacle.NOT_CONFIRMED


def test_a_group_that_the_region_lets_vote_is_in_nobodys_way() -> None:
    rule = replace(RULE, excluded_groups=())
    staff = replace(ADULT, excluded_as=ExcludedGroup.STAFF)
    assert obstacle_of(rule, staff, today=TODAY, closes_on=CLOSES_ON) is None


def test_the_rule_of_a_region_is_what_it_laid_down() -> None:
    rules = RegionRules()
    rules.classes[ResidencyClass.STUDY] = ClassRule(residency_class=ResidencyClass.STUDY, is_admitted=False)
    rules.exclusions[ExcludedGroup.COUNCIL] = Exclusion(excluded_group=ExcludedGroup.COUNCIL, is_excluded=False)
    rule = rule_of(rules, 16)
    assert rule.minimum_age == 16
    assert ResidencyClass.STUDY not in rule.assurances
    assert rule.excluded_groups == (ExcludedGroup.STAFF,)
    assert roll_rule.read(roll_rule.write(rule)) == rule


def test_what_stands_in_the_way_has_its_clause() -> None:
    rules = RegionRules()
    rules.exclusions[ExcludedGroup.STAFF] = Exclusion(excluded_group=ExcludedGroup.STAFF, clause_ko="조례 제3조")
    ground = ground_of(rules, Obstacle.STAFF, ResidencyClass.ADDRESS)
    assert ground is not None
    assert ground.clause_ko == "조례 제3조"
    assert ground_of(rules, Obstacle.NOT_CONFIRMED, None) is None
