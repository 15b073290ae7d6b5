"""What every part of a round's story needs at hand."""

import random
from dataclasses import dataclass
from pathlib import Path

from civicvote.cli.example.people import Cast
from civicvote.cli.example.stage import Stage
from civicvote.cli.example.story import RoundStory
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.rounds.models import Round


@dataclass
class Scene:
    """``chance`` decides what nobody wrote down, the same way every time; ``round`` is there once it was announced."""

    stage: Stage
    cast: Cast
    region: RegionScope
    told: RoundStory
    key_folder: Path
    chance: random.Random
    round: Round | None = None

    def running_round(self) -> Round:
        assert self.round is not None, "the round is announced by the first act"
        return self.round
