"""Who votes as a member of a committee or a panel: named while the poll is a draft, on the roll from freezing on."""

from collections.abc import Iterable

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.errors_planning import ElectorateUnknown, ElectorInTwo, ElectorUnknown
from civicvote.domain.polls.models import Poll, PollElector
from civicvote.domain.polls.services_preparing import draft_for_change
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role


def name_electors(
    *, actor: Actor, poll: Poll, electorate: str, addresses: Iterable[str] = (), role: Role | None = None
) -> int:
    """Name the people with these addresses, and everybody who holds ``role`` in the region, for the electorate.

    How many are new; who is named for it already stays. Nothing is stored where one of them is refused. Raises
    ``PollAlreadyFrozen``, ``ElectorateUnknown``, ``ElectorUnknown``, ``ElectorInTwo``.
    """
    poll = draft_for_change(actor, poll)
    _require_declared(poll, electorate)
    people = _with_addresses(addresses)
    if role is not None:
        people += _with_role(poll.region_id, role)
    named = {
        elector.person_id: elector.electorate
        for elector in db.session.scalars(sa.select(PollElector).filter_by(region_id=poll.region_id, poll_id=poll.id))
    }
    new = {}
    for person in people:
        if named.get(person.id, electorate) != electorate:
            raise ElectorInTwo(name=person.display_name)
        if person.id not in named:
            new[person.id] = PollElector(
                region_id=poll.region_id,
                poll_id=poll.id,
                person_id=person.id,
                electorate=electorate,
                named_at=clock.now(),
            )
    db.session.add_all(new.values())
    db.session.flush()
    _record(actor, poll, electorate=electorate, named=[ids.encode(person_id) for person_id in sorted(new)])
    return len(new)


def drop_elector(*, actor: Actor, poll: Poll, person_id: int) -> None:
    """Take somebody out of the electorate they are named for; nothing where they are in none."""
    poll = draft_for_change(actor, poll)
    elector = db.session.get(PollElector, (poll.region_id, poll.id, person_id))
    if elector is None:
        return
    db.session.delete(elector)
    db.session.flush()
    _record(actor, poll, electorate=elector.electorate, dropped=[ids.encode(person_id)])


def _require_declared(poll: Poll, electorate: str) -> None:
    declared = {each.key for each in ballot_shape.read(poll.ballot).electorates} - {RESIDENTS}
    if electorate not in declared:
        raise ElectorateUnknown


def _with_addresses(addresses: Iterable[str]) -> list[Person]:
    wanted = sorted({normal_address(address) for address in addresses} - {""})
    found = {person.email: person for person in db.session.scalars(sa.select(Person).where(Person.email.in_(wanted)))}
    for address in wanted:
        if address not in found:
            raise ElectorUnknown(address=address)
    return [found[address] for address in wanted]


def _with_role(region_id: int, role: Role) -> list[Person]:
    holders = sa.select(RoleGrant.person_id).where(RoleGrant.region_id == region_id, RoleGrant.role == role)
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(holders)).order_by(Person.id)))


def _record(actor: Actor, poll: Poll, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.POLL_ELECTORS,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
