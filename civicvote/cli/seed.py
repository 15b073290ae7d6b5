"""``civicvote seed``: a region full of invented proposals, comments and people, to try things at size."""

import random
from datetime import datetime, timedelta

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from civicvote.cli import seed_rows
from civicvote.cli.seed_texts import FIELDS
from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundField, RoundPhase
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.schedule import span_at
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.web.settings import settings

_PHASE_LENGTH = timedelta(days=40)
_ALREADY_RUNNING = timedelta(days=30)
_DISCUSSED_ELSEWHERE = 40
_MOST_COMMENTS_ELSEWHERE = 8


@click.command("seed")
@click.option("--proposals", type=click.IntRange(min=1), default=200, show_default=True, help="How many proposals.")
@click.option(
    "--comments",
    type=click.IntRange(min=0),
    default=500,
    show_default=True,
    help="How many comments in the first proposal's thread; some others get a few more.",
)
@click.option("--people", type=click.IntRange(min=1), default=200, show_default=True, help="How many residents.")
@click.option("--region", "slug", default="saebit", show_default=True, help="The region's short name; made if missing.")
@click.option("--random-seed", type=int, default=None, help="Make the same words and shapes again.")
@with_appcontext
def seed_command(proposals: int, comments: int, people: int, slug: str, random_seed: int | None) -> None:
    """Fill a region with invented proposals, comments and people.

    Nobody among them can sign in. In production the command refuses to run."""
    if settings().is_production:
        raise click.ClickException("seed invents people and proposals; it does not run in production.")
    # Invented words, nothing secret: a repeatable source is what is wanted.
    source = random.Random(random_seed)  # noqa: S311
    elsewhere = _comments_elsewhere(source, proposals) if comments else []
    with (
        unit_of_work(),
        click.progressbar(length=people + proposals + comments + sum(elsewhere), label=f"Seeding {slug}") as bar,
    ):
        region, now = _region(slug), clock.now()
        round_, open_since = _round_in_discovery(region.id, now)
        residents = seed_rows.add_people(
            source,
            region_id=region.id,
            clerk_id=_clerk(source, region.id, now),
            count=people,
            now=now,
            progress=bar.update,
        )
        discussions = seed_rows.add_proposals(
            source,
            region_id=region.id,
            round_id=round_.id,
            field_keys=[each.key for each in round_.fields],
            people=residents,
            count=proposals,
            start=open_since,
            end=now,
            kept=1 + len(elsewhere),
            progress=bar.update,
        )
        for discussion, count in zip(discussions, [comments, *elsewhere], strict=True):
            seed_rows.add_comments(
                source,
                region_id=region.id,
                discussion=discussion,
                people=residents,
                count=count,
                end=now,
                progress=bar.update,
            )
        audit.record(
            region_id=region.id,
            actor_id=None,
            verb=AuditVerb.REGION_SEED,
            subject=f"region:{region.id}",
            detail={"proposals": proposals, "comments": comments + sum(elsewhere), "people": people},
        )
        round_path, proposal_path = ids.encode(round_.id), ids.encode(discussions[0].proposal_id)
    click.echo(f"proposals   /regions/{slug}/rounds/{round_path}/proposals")
    click.echo(f"discussion  /regions/{slug}/proposals/{proposal_path}")


def _comments_elsewhere(source: random.Random, proposals: int) -> list[int]:
    """How many comments each of the proposals after the first gets."""
    return [source.randint(0, _MOST_COMMENTS_ELSEWHERE) for _ in range(min(proposals - 1, _DISCUSSED_ELSEWHERE))]


def _region(slug: str) -> Region:
    region = db.session.scalar(sa.select(Region).where(Region.slug == slug))
    if region is None:
        region = Region(
            id=ids.new_id(), slug=slug, name_ko="새빛시", name_en="Saebit City", kind=RegionKind.MUNICIPALITY
        )
        db.session.add(region)
        db.session.flush()
    return region


def _round_in_discovery(region_id: int, now: datetime) -> tuple[Round, datetime]:
    """The newest announced round in which proposals can be posted now, or a new one; since when they could."""
    announced = db.session.scalars(
        sa.select(Round)
        .where(Round.region_id == region_id, Round.state == RoundState.ANNOUNCED)
        .order_by(Round.id.desc())
    )
    for round_ in announced:
        span = span_at(round_.phases, now)
        if span and span.phase is Phase.DISCOVERY and round_.fields:
            return round_, span.starts_at
    return _new_round(region_id, now), now - _ALREADY_RUNNING


def _new_round(region_id: int, now: datetime) -> Round:
    year = clock.today().year
    start = now - _ALREADY_RUNNING
    round_ = Round(
        region_id=region_id,
        id=ids.new_id(),
        year=year,
        title_ko=f"{year}년 주민참여예산",
        title_en=f"Participatory budget {year}",
        envelope_amount=1_000_000_000,
        rules=RoundRules().to_json(),
        state=RoundState.ANNOUNCED,
        created_at=start,
    )
    round_.phases = [
        RoundPhase(
            phase=phase,
            starts_at=start + _PHASE_LENGTH * phase.position,
            ends_at=start + _PHASE_LENGTH * (phase.position + 1),
        )
        for phase in Phase
    ]
    round_.fields = [
        RoundField(key=field.key, position=position, name_ko=field.name_ko, name_en=field.name_en)
        for position, field in enumerate(FIELDS)
    ]
    db.session.add(round_)
    db.session.flush()
    return round_


def _clerk(source: random.Random, region_id: int, now: datetime) -> int:
    """Somebody at the desk who confirmed where the residents live."""
    clerk_id = ids.id_of_moment(now, source.getrandbits(22))
    db.session.add(Person(**seed_rows.person_row(clerk_id, "주민센터 접수 창구", now)))
    db.session.flush()
    db.session.add(RoleGrant(region_id=region_id, person_id=clerk_id, role=Role.CLERK, granted_at=now))
    db.session.flush()
    return clerk_id
