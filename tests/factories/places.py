"""Regions and rounds of a test."""

from datetime import timedelta
from itertools import count

from civicvote.db import db
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundField, RoundPhase
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase

_numbers = count(1)


def make_region(slug: str | None = None, *, name_ko: str = "시험시", name_en: str = "Testville") -> Region:
    number = next(_numbers)
    region = Region(
        id=ids.new_id(),
        slug=slug or f"testville-{number}",
        name_ko=name_ko,
        name_en=name_en,
        kind=RegionKind.PROVINCE,
        currency="KRW",
        currency_exponent=0,
    )
    db.session.add(region)
    db.session.flush()
    return region


def make_round(region: Region, phase: Phase = Phase.DISCOVERY, *, envelope_amount: int = 100_000_000) -> Round:
    """An announced round of all phases, 10 days each, that is in the middle of ``phase`` now."""
    start = clock.now() - timedelta(days=10 * phase.position + 5)
    made = Round(
        region_id=region.id,
        id=ids.new_id(),
        year=2026,
        title_ko="2026년 주민참여예산",
        title_en="Participatory budget 2026",
        envelope_amount=envelope_amount,
        rules={},
        state=RoundState.ANNOUNCED,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    for each in Phase:
        db.session.add(
            RoundPhase(
                region_id=region.id,
                round_id=made.id,
                phase=each,
                starts_at=start + timedelta(days=10 * each.position),
                ends_at=start + timedelta(days=10 * each.position + 10),
            )
        )
    for position, (key, name_ko, name_en) in enumerate(
        [("safety", "안전", "Safety"), ("environment", "환경", "Environment"), ("welfare", "복지", "Welfare")]
    ):
        db.session.add(
            RoundField(
                region_id=region.id,
                round_id=made.id,
                key=key,
                position=position,
                name_ko=name_ko,
                name_en=name_en,
            )
        )
    db.session.flush()
    return made
