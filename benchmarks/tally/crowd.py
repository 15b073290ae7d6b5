"""A large invented election as a Pabulib file: the same every time."""

import csv
import random
from pathlib import Path

VOTERS, PROJECTS = 100_000, 200
_BUDGET = 6_750_000
_MOST_CHOICES = 5
_DISTRICTS = 20
_AT_HOME = 100
"""How many times likelier a project of one's own district is chosen."""


def write_election(path: Path, voters: int = VOTERS, projects: int = PROJECTS) -> None:
    """Like Łódź 2022, but larger: 67.50 for each voter, ballots of 1 to 5 projects, most of them in the voter's one of
    twenty districts, where some projects are popular. Costs spread over two powers of ten; all together are five
    budgets."""
    draw = random.Random(2026)  # noqa: S311 - to be the same every time
    names = [f"P{number:03}" for number in range(projects)]
    costs = [round(10 ** draw.uniform(4.3, 6.0), -2) for _ in names]
    factor = 5 * _BUDGET / sum(costs)
    popularity = [1 / (1 + number // _DISTRICTS) for number in range(projects)]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";", lineterminator="\n")
        rows.writerows([["META"], ["key", "value"]])
        rows.writerows(
            {
                "description": "Invented",
                "country": "Worldwide",
                "unit": "Benchmark",
                "instance": "2026",
                "num_projects": projects,
                "num_votes": voters,
                "budget": _BUDGET,
                "vote_type": "approval",
                "rule": "unknown",
                "date_begin": "2026",
                "date_end": "2026",
                "max_length": _MOST_CHOICES,
            }.items()
        )
        rows.writerows([["PROJECTS"], ["project_id", "cost"]])
        rows.writerows([name, int(cost * factor)] for name, cost in zip(names, costs, strict=True))
        rows.writerows([["VOTES"], ["voter_id", "vote"]])
        for voter in range(voters):
            district = draw.randrange(_DISTRICTS)
            weights = [
                popular * (_AT_HOME if number % _DISTRICTS == district else 1)
                for number, popular in enumerate(popularity)
            ]
            chosen = set(draw.choices(names, weights, k=draw.randint(1, _MOST_CHOICES)))
            rows.writerow([voter, ",".join(sorted(chosen))])
