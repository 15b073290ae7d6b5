"""An election that another place held becomes a closed, published budget poll: its ballots, no invented people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.errors import ElectionAlreadyImported, ElectionUnusable
from civicvote.domain.polls.importing.fields import fields_of
from civicvote.domain.polls.importing.slugs import slug_of
from civicvote.domain.polls.importing.source import OTHERWISE, PABULIB_RULES, ImportSource
from civicvote.domain.polls.models import Outcome, Poll, PollOption, Turnout
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.planning import counting_choice
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.roll.rule import RollRule
from civicvote.domain.polls.services_counting import store_ballots
from civicvote.domain.polls.services_finding import refresh_poll_in_index
from civicvote.domain.polls.services_preparing import options_of, rules_of
from civicvote.domain.polls.states import Channel, PollKind, PollState
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundField, RoundPhase
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.result import TallyResult
from civicvote.domain.tally.ties import BY_ID
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.money import NO_CURRENCY
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import CountingRule

_CHANNELS = {"internet": Channel.WEB, "paper": Channel.PAPER}
_LARGEST = 2**63 - 1
_LONGEST_KEY, _LONGEST_TITLE = 60, 200
_RESULTS_STAY = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class ImportedElection:
    """``counted_as_stated``: whether the file's own rule is among ours; else the outcome is that of greedy.

    ``has_official_winners``: whether the outcome is what the file says was selected; None where it says nothing.
    """

    slug: str
    poll_id: int
    stated_rule: str
    counted_rule: CountingRule
    counted_as_stated: bool
    has_official_winners: bool | None
    ballots: int
    selected: int

    @property
    def poll_key(self) -> str:
        """The poll as it stands in addresses."""
        return ids.encode(self.poll_id)


def import_election(
    *,
    election: PabulibElection,
    file_name: str,
    file_hash: str,
    stored: Callable[[int], None] = lambda _ballots: None,
) -> ImportedElection:
    """Store the election with its outcome. ``file_hash`` (SHA-256, hex) tells whether it is there already;
    ``stored`` hears of every ballot that is written. Raises ``ElectionAlreadyImported``, ``ElectionUnusable``.
    """
    _require_new(file_hash)
    _require_storable(election)
    region = _region_for(election)
    opens_at, closes_at = _times(election)
    round_ = _round_for(region, election, opens_at, closes_at)
    source = ImportSource(file_name, election.meta.get("rule", ""), file_hash)
    poll = _poll_in(round_, election, opens_at, closes_at, source=source)
    store_ballots(poll, ((text, RESIDENTS, "") for text in _texts(election, stored)))
    for name, number in (election.channels or {"unknown": election.profile.voters}).items():
        channel = _CHANNELS.get(name, Channel.UNKNOWN)
        db.session.add(Turnout(region_id=region.id, poll_id=poll.id, channel=channel, ballots=number))
    result = _count(poll, election)
    db.session.add(
        Outcome(
            region_id=region.id,
            poll_id=poll.id,
            rule=result.rule,
            result=outcome_format.write(result, election.profile.supporters, {}),
            computed_at=clock.now(),
        )
    )
    audit.record(
        region_id=region.id,
        actor_id=None,
        verb=AuditVerb.POLL_IMPORT,
        subject=f"poll:{ids.encode(poll.id)}",
        detail={"file": file_name, "sha256": file_hash, "ballots": election.profile.voters, "rule": result.rule},
    )
    return ImportedElection(
        slug=region.slug,
        poll_id=poll.id,
        stated_rule=source.stated_rule,
        counted_rule=result.rule,
        counted_as_stated=source.is_counted_as_stated,
        has_official_winners=_has_official_winners(election, result),
        ballots=election.profile.voters,
        selected=len(result.selected),
    )


def _require_new(file_hash: str) -> None:
    there = db.session.execute(
        sa.select(Region.slug, Poll.id)
        .join(Poll, Poll.region_id == Region.id)
        .where(Poll.source.endswith(ImportSource.mark(file_hash)))
        .order_by(Poll.id)
    ).first()
    if there is not None:
        raise ElectionAlreadyImported(slug=there.slug, poll_id=ids.encode(there.id))


def _require_storable(election: PabulibElection) -> None:
    for project in election.projects:
        if len(project.option.id) > _LONGEST_KEY:
            raise ElectionUnusable(line=project.line, what=f"the project id has more than {_LONGEST_KEY} characters")
        if project.option.cost > _LARGEST:
            raise ElectionUnusable(line=project.line, what="the cost is too large to be stored")
    if election.profile.budget > _LARGEST:
        raise ElectionUnusable(line=0, what="the budget is too large to be stored")
    if election.threshold is not None and election.threshold != int(election.threshold):
        raise ElectionUnusable(line=0, what="min_project_score_threshold is not a whole number")


def _region_for(election: PabulibElection) -> Region:
    """The region of the file's unit: the one an earlier file of the same place made, or a new one."""
    unit = election.meta["unit"][:_LONGEST_TITLE] if "unit" in election.meta else "Pabulib"
    currency = election.currency or NO_CURRENCY
    same = db.session.scalars(
        sa.select(Region)
        .where(
            Region.name_en == unit,
            Region.kind == RegionKind.MUNICIPALITY,
            Region.currency == currency,
            Region.currency_exponent == election.exponent,
        )
        .order_by(Region.id)
    ).first()
    if same is not None:
        return same
    region = Region(
        id=ids.new_id(),
        slug=_free_slug(slug_of(unit)),
        name_ko=unit,
        name_en=unit,
        kind=RegionKind.MUNICIPALITY,
        currency=currency,
        currency_exponent=election.exponent,
    )
    db.session.add(region)
    db.session.flush()
    return region


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(sa.select(Region.slug).where(Region.slug.startswith(wanted)).order_by(Region.slug)))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _times(election: PabulibElection) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the last of the last, as calendar days are printed here."""
    last = election.ended_on or election.began_on or clock.today()
    first = min(election.began_on or last, last)
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CIVIC_ZONE).astimezone(UTC)


def _round_for(region: Region, election: PabulibElection, opens_at: datetime, closes_at: datetime) -> Round:
    """A round that has nothing but its vote behind it and its results to show."""
    meta = election.meta
    name = " · ".join(part for part in (meta.get("unit"), meta.get("subunit"), meta.get("instance")) if part)
    round_ = Round(
        region_id=region.id,
        id=ids.new_id(),
        year=closes_at.astimezone(CIVIC_ZONE).year,
        title_ko=name[:_LONGEST_TITLE],
        title_en=name[:_LONGEST_TITLE],
        envelope_amount=election.profile.budget,
        rules=RoundRules().to_json(),
        state=RoundState.ANNOUNCED,
        created_at=clock.now(),
    )
    db.session.add(round_)
    db.session.flush()
    spans = ((Phase.BUDGET_VOTE, opens_at, closes_at), (Phase.RESULTS, closes_at, clock.now() + _RESULTS_STAY))
    for phase, starts_at, ends_at in spans:
        round_.phases.append(
            RoundPhase(region_id=region.id, round_id=round_.id, phase=phase, starts_at=starts_at, ends_at=ends_at)
        )
    named = dict.fromkeys(fields_of(election.projects).values())
    round_.fields = [
        RoundField(key=field.key, position=position, name_ko=field.name, name_en=field.name)
        for position, field in enumerate(named)
    ]
    db.session.flush()
    return round_


def _poll_in(
    round_: Round, election: PabulibElection, opens_at: datetime, closes_at: datetime, *, source: ImportSource
) -> Poll:
    title = election.meta.get("description", round_.title_en)[:_LONGEST_TITLE]
    rule = election.ballot_rule
    counted_as = PABULIB_RULES.get(election.meta.get("rule", ""), OTHERWISE)
    poll = Poll(
        region_id=round_.region_id,
        id=ids.new_id(),
        round_id=round_.id,
        kind=PollKind.BUDGET,
        title_ko=title,
        title_en=title,
        ballot_type=rule.type,
        min_choices=rule.min_choices,
        max_choices=rule.max_choices,
        ballot_limit_amount=rule.max_sum_cost,
        counting_rule=counted_as.rule,
        counting=counting_choice.write(
            CountingChoice(
                completion=counted_as.completion,
                increment_amount=10**election.exponent,
                compares_with_greedy=counted_as.compares_with_greedy,
            )
        ),
        threshold=_threshold(election),
        envelope_amount=election.profile.budget,
        tie_break=str(BY_ID),
        opens_at=opens_at,
        closes_at=closes_at,
        state=PollState.PUBLISHED,
        closed_at=closes_at,
        counted_at=clock.now(),
        published_at=clock.now(),
        source=str(source),
    )
    fields = fields_of(election.projects)
    poll.options = [
        PollOption(
            key=project.option.id,
            position=position,
            label=project.option.name or project.option.id,
            cost_amount=project.option.cost,
            is_withdrawn=project.option.is_withdrawn,
            field_key=fields[project.option.id].key if project.option.id in fields else None,
        )
        for position, project in enumerate(election.projects)
    ]
    db.session.add(poll)
    db.session.flush()
    poll.frozen_rules = freezing.write(rules_of(poll, options_of(poll), "", RollRule()))
    poll.frozen_hash = freezing.digest(poll.frozen_rules)
    poll.frozen_at = clock.now()
    db.session.flush()
    refresh_poll_in_index(poll=poll)
    return poll


def _threshold(election: PabulibElection) -> int:
    """The threshold belongs to the rule that names it; other files carry the number for information."""
    stated = election.threshold if election.meta.get("rule") == "greedy-threshold" else None
    return int(stated or 0)


def _texts(election: PabulibElection, stored: Callable[[int], None]) -> Iterator[str]:
    for group in election.profile.ballots:
        text = ballot_text.write(dict(group.choices), election.ballot_rule.type)
        for _ in range(group.count):
            yield text
        stored(group.count)


def _count(poll: Poll, election: PabulibElection) -> TallyResult:
    """By the fixed rules."""
    assert poll.frozen_rules is not None
    rules = freezing.read(poll.frozen_rules)
    return count(rules.counting_rule, election.profile, rules.counting_parameters)


def _has_official_winners(election: PabulibElection, result: TallyResult) -> bool | None:
    """Pabulib writes 1 for what was selected by the vote; 2 and 3 got money in other ways."""
    official = {project.option.id: project.fields.get("selected") for project in election.projects}
    if not any(official.values()):
        return None
    return set(result.selected) == {option_id for option_id, selected in official.items() if selected == "1"}
