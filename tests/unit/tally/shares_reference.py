"""Equal Shares and Phragmén once more: straight from the papers, voter by voter, in fractions only, and slow."""

from dataclasses import dataclass
from fractions import Fraction

from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.kernel.voting import Completion, Satisfaction


def voters_of(profile: Profile) -> list[dict[str, Fraction]]:
    """One ballot a voter, only what it supports."""
    return [
        {option_id: Fraction(points) for option_id, points in group.choices if points > 0}
        for group in profile.ballots
        for _ in range(group.count)
    ]


@dataclass
class EqualSharesReference:
    """Peters, Pierczyński, Skowron 2021. A subclass that changes one method is a mutant."""

    profile: Profile
    parameters: CountingParameters

    def __post_init__(self) -> None:
        self.voters = voters_of(self.profile)
        self.options = list(eligibility(self.profile, self.parameters).options)

    def divided_by(self) -> int:
        return len(self.voters)

    def utility(self, ballot: dict[str, Fraction], option: Option) -> Fraction:
        if option.id not in ballot:
            return Fraction(0)
        match self.parameters.satisfaction:
            case Satisfaction.COST:
                return Fraction(option.cost)
            case Satisfaction.CARDINALITY:
                return Fraction(1)
            case Satisfaction.POINTS:
                return ballot[option.id]

    def payment(self, left: Fraction, asked: Fraction) -> Fraction:
        return min(left, asked)

    def before(self, one: tuple[Fraction, Option], other: tuple[Fraction, Option]) -> bool:
        """Options are tried in the declared order, so that the first of equals stays."""
        return one[0] < other[0]

    def rho(self, option: Option, left: list[Fraction]) -> Fraction | None:
        """The smallest price of a unit of utility at which the supporters raise the cost."""
        if option.cost == 0:
            return Fraction(0) if any(option.id in ballot for ballot in self.voters) else None
        utilities = [self.utility(ballot, option) for ballot in self.voters]
        supporters = sorted((money / u, money, u) for money, u in zip(left, utilities, strict=True) if u)
        raised, units = Fraction(0), sum((u for _, _, u in supporters), Fraction(0))
        for most, money, u in supporters:
            if raised + most * units >= option.cost:
                return (option.cost - raised) / units
            raised += money
            units -= u
        return None

    def run(self, share: Fraction) -> list[Option]:
        left = [share] * len(self.voters)
        bought: list[Option] = []
        while True:
            best: tuple[Fraction, Option] | None = None
            for option in self.options:
                if option in bought or self.is_beaten(option, bought):
                    continue
                rho = self.rho(option, left)
                if rho is not None and (best is None or self.before((rho, option), best)):
                    best = (rho, option)
            if best is None:
                return bought
            rho, option = best
            left = [
                money - self.payment(money, rho * self.utility(ballot, option))
                for money, ballot in zip(left, self.voters, strict=True)
            ]
            bought.append(option)

    def is_beaten(self, option: Option, bought: list[Option]) -> bool:
        return any(other.id in self.parameters.rivals.get(option.id, ()) for other in bought)

    def is_supported(self, option: Option) -> bool:
        return any(option.id in ballot for ballot in self.voters)

    def can_be_added(self, bought: list[Option]) -> list[Option]:
        left = self.profile.budget - sum(option.cost for option in bought)
        return [
            option
            for option in self.options
            if option not in bought and not self.is_beaten(option, bought) and option.cost <= left
        ]

    def is_exhaustive(self, bought: list[Option]) -> bool:
        return not any(self.is_supported(option) for option in self.can_be_added(bought))

    def is_all_bought(self, bought: list[Option]) -> bool:
        return all(
            option in bought
            or self.is_beaten(option, bought)
            or not self.is_supported(option)
            or option.cost > self.profile.budget
            for option in self.options
        )

    def grown(self, share: Fraction) -> list[Option]:
        """``add1`` and ``add1-feasible``."""
        bought = self.run(share)
        for _ in range(self.parameters.most_runs - 1):
            if self.parameters.completion is not Completion.ADD1_FEASIBLE and self.is_exhaustive(bought):
                break
            if self.is_all_bought(bought):
                break
            share += self.parameters.increment
            larger = self.run(share)
            if sum(option.cost for option in larger) > self.profile.budget:
                break
            bought = larger
        return bought

    def selected(self) -> list[str]:
        completion = self.parameters.completion
        share = Fraction(self.profile.budget, self.divided_by() or 1)
        if self.parameters.start is not None:
            share = min(share, self.parameters.start)
        bought = self.run(share) if completion in (Completion.NONE, Completion.GREEDY) else self.grown(share)
        if completion in (Completion.ADD1U, Completion.GREEDY):
            for option in sorted(self.options, key=lambda option: -self.profile.scores[option.id]):
                if option in self.can_be_added(bought):
                    bought.append(option)
        return [option.id for option in bought]


@dataclass
class PhragmenReference:
    """Los, Christoff, Grossi 2022, by loads. A subclass that changes one method is a mutant."""

    profile: Profile
    parameters: CountingParameters

    def load(self, option: Option, supporters: list[int], loads: list[Fraction]) -> Fraction:
        return (option.cost + sum(loads[voter] for voter in supporters)) / Fraction(len(supporters))

    def stops(self, option: Option, left: int) -> bool:
        return option.cost > left

    def selected(self) -> list[str]:
        voters = voters_of(self.profile)
        open_options = {
            option: supporters
            for option in eligibility(self.profile, self.parameters).options
            if (supporters := [voter for voter, ballot in enumerate(voters) if option.id in ballot])
        }
        loads = [Fraction(0)] * len(voters)
        left = self.profile.budget
        bought: list[str] = []
        while open_options:
            found = {option: self.load(option, voters, loads) for option, voters in open_options.items()}
            option = min(found, key=found.__getitem__)
            if self.stops(option, left):
                break
            for voter in open_options.pop(option):
                loads[voter] = found[option]
            left -= option.cost
            bought.append(option.id)
            for rival in self.parameters.rivals.get(option.id, ()):
                open_options = {other: voters for other, voters in open_options.items() if other.id != rival}
        return bought
