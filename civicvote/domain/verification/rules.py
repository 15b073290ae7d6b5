"""What a region asks of its residents: which classes belong, how surely, for how long, and which groups have no ballot.

What a region did not lay down holds by default: every class belongs at any assurance but the person's own word, for
good; staff and council members have no ballot where a channel says that somebody is one; one votes from 18 (Public
Official Election Act, Article 15), and a child below 14 needs a guardian (Personal Information Protection Act, Article
22-2).
"""

from dataclasses import dataclass, field
from datetime import date

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.ages import age_on, months_later

VOTING_AGE = 18
CONSENT_BELOW_AGE = 14
#: A poll can't ask for more: above it nobody's day of birth is known.
OLDEST_MINIMUM_AGE = 19
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule:
    """Whether a class belongs. ``valid_months``: None for good. Clauses are free text, empty where none is named."""

    residency_class: ResidencyClass
    is_admitted: bool = True
    minimum_assurance: Assurance = Assurance.ROLL
    valid_months: int | None = None
    clause_ko: str = ""
    clause_en: str = ""

    def suffices(self, assurance: Assurance) -> bool:
        return self.is_admitted and assurance.at_least(self.minimum_assurance)

    def valid_until(self, confirmed_on: date) -> date | None:
        """The last day on which a residency that was confirmed on this day counts; None for good."""
        return months_later(confirmed_on, self.valid_months) if self.valid_months else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Whether a group has no ballot. The ages belong to ``UNDER_AGE``."""

    excluded_group: ExcludedGroup
    is_excluded: bool = True
    minimum_age: int = VOTING_AGE
    consent_below_age: int = CONSENT_BELOW_AGE
    clause_ko: str = ""
    clause_en: str = ""


@dataclass(frozen=True, slots=True)
class RegionRules:
    """The rules of a region, with its defaults filled in: every class and every group has one."""

    classes: dict[ResidencyClass, ClassRule] = field(
        default_factory=lambda: {each: ClassRule(residency_class=each) for each in ResidencyClass}
    )
    exclusions: dict[ExcludedGroup, Exclusion] = field(
        default_factory=lambda: {each: Exclusion(excluded_group=each) for each in ExcludedGroup}
    )

    @property
    def minimum_age(self) -> int:
        """The age from which a resident votes, unless a poll says otherwise."""
        return self.exclusions[ExcludedGroup.UNDER_AGE].minimum_age

    @property
    def consent_below_age(self) -> int:
        return self.exclusions[ExcludedGroup.UNDER_AGE].consent_below_age

    @property
    def admitted(self) -> list[ClassRule]:
        return [rule for rule in self.classes.values() if rule.is_admitted]

    def excluded_group(self, *, noted: ExcludedGroup | None, born_on: date | None, today: date) -> ExcludedGroup | None:
        """The group by which somebody has no ballot. ``born_on`` is None of adults."""
        if noted is not None and self.exclusions[noted].is_excluded:
            return noted
        if born_on is not None and age_on(today, born_on) < self.minimum_age:
            return ExcludedGroup.UNDER_AGE
        return None
