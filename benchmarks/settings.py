"""How large, how long, how often; and the environment the application runs in."""

import secrets
from dataclasses import dataclass
from pathlib import Path

HOST = "bench.example"
"""The site's name while it is measured: pages are kept for requests under it only."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a database holds. ``people`` are on the rolls of the polls, too."""

    name: str
    proposals: int
    comments: int
    people: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``voters``: how many of the people send requests; ``must_hold``: whether a floor that breaks fails the run."""

    small: Size
    large: Size
    clients: tuple[int, ...]
    repetitions: int
    seconds: float
    voters: int
    must_hold: bool

    @property
    def sizes(self) -> tuple[Size, Size]:
        return self.small, self.large

    @property
    def judged_at(self) -> int:
        """The number of clients at which floors are judged (SPEED.md: 8)."""
        return 8 if 8 in self.clients else self.clients[-1]


FULL = Plan(
    small=Size("small", proposals=200, comments=500, people=200),
    large=Size("large", proposals=2_000, comments=5_000, people=2_000),
    clients=(1, 8, 32),
    repetitions=5,
    seconds=1.7,
    voters=192,
    must_hold=True,
)
QUICK = Plan(
    small=Size("small", proposals=21, comments=50, people=40),
    large=Size("large", proposals=210, comments=500, people=40),
    clients=(8,),
    repetitions=1,
    seconds=1.0,
    voters=16,
    must_hold=False,
)


def production_environment(address: str, folder: Path) -> dict[str, str]:
    """Settings as in production."""
    return {
        "CIVICVOTE_ENVIRONMENT": "production",
        "CIVICVOTE_SECRET_KEY": secrets.token_hex(32),
        "CIVICVOTE_IDENTITY_KEY": secrets.token_hex(32),
        "CIVICVOTE_DATABASE_URL": address,
        "CIVICVOTE_PUBLIC_URL": f"https://{HOST}",
        "CIVICVOTE_INSTANCE_PATH": str(folder / "instance"),
        "CIVICVOTE_KEY_PATH": str(folder / "keys"),
    }
