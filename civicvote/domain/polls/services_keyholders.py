"""The keyholders of a draft: named by an officer, each with a file of their own, then one key for all of them.

The order: names, files, the poll's key, a trial ballot that enough of them open, in as many goes as it takes until each
of them has shown that their own file opens. Only then can the rules be fixed.
"""

import hmac
import secrets
from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.second_factor import ROLE_SESSION, is_shown
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls.box import ballots_signing, box_files, keyholder_files, sealing, shares
from civicvote.domain.polls.box.keyholder_files import LEAST_PASSPHRASE, MOST_PASSPHRASE, KeyholderFile
from civicvote.domain.polls.errors import NotClosed, PollAlreadyFrozen
from civicvote.domain.polls.errors_sealing import (
    KeyholdersNotReady,
    KeyholdersUnusable,
    KeyholderTwice,
    KeyholderUnknown,
    NoKeyholders,
    NotKeyholder,
    PassphraseTooShort,
    PollKeyMade,
    PollKeyNotMade,
    SecondFactorMissing,
    TrialCodeWrong,
)
from civicvote.domain.polls.models import Envelope, KeyCeremony, Keyholder, Poll
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.services_keys import Opening, hash_of, is_proof, joined_key, keyholders_of
from civicvote.domain.polls.services_preparing import draft_for_change, locked_poll
from civicvote.domain.polls.states import OpenedAt, PollState
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor

_BATCH = 5_000


def name_keyholders(*, actor: Actor, poll: Poll, addresses: Sequence[str], needed: int) -> None:
    """Make these people, by the addresses of their accounts, the keyholders; nobody: back to the key file.

    Whatever was made for those before is void. Raises ``NotPermitted``, ``PollAlreadyFrozen``, ``KeyholderTwice``,
    ``KeyholderUnknown``, ``KeyholdersUnusable``."""
    poll = draft_for_change(actor, poll)
    wanted = [normal_address(address) for address in addresses]
    for address in wanted:
        if wanted.count(address) > 1:
            raise KeyholderTwice(address=address)
    accounts = sa.select(Person.email, Person.id).where(Person.email.in_(wanted), Person.closed_at.is_(None))
    found = {row.email: row.id for row in db.session.execute(accounts)}
    for address in wanted:
        if address not in found:
            raise KeyholderUnknown(address=address)
    if wanted and not shares.FEWEST_NEEDED <= needed <= len(wanted) <= shares.MOST_KEYHOLDERS:
        raise KeyholdersUnusable(fewest=shares.FEWEST_NEEDED, most=shares.MOST_KEYHOLDERS)
    _forget_ceremony(poll)
    db.session.execute(sa.delete(Keyholder).where(Keyholder.region_id == poll.region_id, Keyholder.poll_id == poll.id))
    db.session.add_all(
        Keyholder(region_id=poll.region_id, poll_id=poll.id, number=number, person_id=found[address])
        for number, address in enumerate(wanted, start=1)
    )
    poll.keyholders_needed = needed if wanted else 0
    db.session.flush()
    people = [ids.encode(found[address]) for address in wanted]
    _record(actor, poll, AuditVerb.POLL_KEYHOLDERS, keyholders=people, needed=poll.keyholders_needed)


def make_keyholder_file(*, actor: Actor, region_id: int, poll_id: int, passphrase: str) -> KeyholderFile:
    """The actor's own file, which is kept by the actor alone: here stays the public half.

    Again as long as the poll's key is not made; the file before is void then. Raises ``UnknownPoll``,
    ``NotKeyholder``, ``SecondFactorMissing``, ``PollAlreadyFrozen``, ``PollKeyMade``, ``PassphraseTooShort``."""
    poll = locked_poll(region_id, poll_id)
    holder = next((each for each in keyholders_of(poll) if each.person_id == actor.person_id), None)
    if holder is None:
        raise NotKeyholder
    if not is_shown(actor.second_factor_at, clock.now(), ROLE_SESSION):
        raise SecondFactorMissing
    if poll.state is not PollState.DRAFT:
        raise PollAlreadyFrozen
    if db.session.get(KeyCeremony, (region_id, poll_id)) is not None:
        raise PollKeyMade
    if not LEAST_PASSPHRASE <= len(passphrase) <= MOST_PASSPHRASE:
        raise PassphraseTooShort(least=LEAST_PASSPHRASE, most=MOST_PASSPHRASE)
    file = keyholder_files.make(poll=ids.encode(poll_id), number=holder.number, passphrase=passphrase)
    holder.public_key, holder.key_made_at = file.public_key, clock.now()
    db.session.flush()
    _record(actor, poll, AuditVerb.POLL_KEYHOLDER_FILE, keyholder=holder.number, public_key=file.public_key)
    return file


def make_poll_key(*, actor: Actor, poll: Poll) -> KeyCeremony:
    """The poll's key pair, its private half in shares that are sealed to the keyholders' files, and a trial ballot.

    Again as long as the poll is a draft; the files stay, the key and its trial before are void then. Raises
    ``NotPermitted``, ``PollAlreadyFrozen``, ``NoKeyholders``, ``KeyholdersNotReady``."""
    poll = draft_for_change(actor, poll)
    holders = keyholders_of(poll)
    if not holders:
        raise NoKeyholders
    if waiting := sum(holder.public_key is None for holder in holders):
        raise KeyholdersNotReady(waiting=waiting)
    _forget_ceremony(poll)
    pair = sealing.new_key_pair()
    made = shares.split(pair.private, needed=poll.keyholders_needed, holders=len(holders))
    for holder, share in zip(holders, made, strict=True):
        assert holder.public_key is not None
        holder.sealed_share = keyholder_files.seal_share(share, public_key=holder.public_key)
        holder.share_proof, holder.proved_at = hash_of(keyholder_files.proof_of(share)), None
    code = secrets.token_hex(16)
    ceremony = KeyCeremony(
        region_id=poll.region_id,
        poll_id=poll.id,
        public_key=pair.public,
        verify_key=ballots_signing.verify_key_for(pair.private),
        trial_sealed=sealing.seal(code, public_key=pair.public, size=sealing.content_size(len(code))),
        trial_hash=hash_of(code),
        made_at=clock.now(),
    )
    db.session.add(ceremony)
    db.session.flush()
    _record(
        actor,
        poll,
        AuditVerb.POLL_KEY,
        public_key=pair.public,
        verify_key=ceremony.verify_key,
        keyholders=len(holders),
        needed=poll.keyholders_needed,
    )
    return ceremony


def open_trial(*, actor: Actor, poll: Poll, openings: Sequence[Opening]) -> None:
    """Open the trial ballot with the keyholders' files, in the memory of this call; each of these files is proved then.

    Raises what ``confirm_trial`` raises and ``services_keys.joined_key``."""
    poll, ceremony = _ceremony_of(actor, poll)
    opened = joined_key(poll, openings)
    code = sealing.Opener(opened.private_key).unseal(bytes(ceremony.trial_sealed))
    _confirm(actor, poll, ceremony, code, opened.keyholders, opened_at=OpenedAt.SERVER)


def confirm_trial(*, actor: Actor, poll: Poll, code: str) -> None:
    """Take the line that ``civicvote unseal`` told of the trial ballot on a machine of the keyholders.

    It is the code within, then for each file that was used the keyholder's number, a hyphen and the share's proof.
    Raises ``NotPermitted``, ``PollAlreadyFrozen``, ``PollKeyNotMade``, ``TrialCodeWrong``."""
    poll, ceremony = _ceremony_of(actor, poll)
    within, *proofs = code.lower().split() or [""]
    holders = {str(holder.number): holder for holder in keyholders_of(poll)}
    proved = []
    for number, _, proof in (each.partition("-") for each in proofs):
        if number not in holders or not is_proof(holders[number], proof):
            raise TrialCodeWrong
        proved.append(holders[number].number)
    if not proved:
        raise TrialCodeWrong
    _confirm(actor, poll, ceremony, within, proved, opened_at=OpenedAt.ELSEWHERE)


def trial_box(*, actor: Actor, poll: Poll) -> Iterator[str]:
    """The trial ballot as a box, line by line. Raises ``NotPermitted``, ``PollKeyNotMade``."""
    require_manager(actor, poll.region_id)
    ceremony = db.session.get(KeyCeremony, (poll.region_id, poll.id))
    if ceremony is None:
        raise PollKeyNotMade
    sealed = bytes(ceremony.trial_sealed)
    head = _head(poll, box_files.TRIAL, ceremony, box_files.root_of([sealed]))
    return box_files.write_box(head, [sealed])


def take_out_box(*, actor: Actor, region_id: int, poll_id: int) -> Iterator[str]:
    """The closed poll's sealed envelopes, without a voter's name or a time, line by line; recorded in the audit.

    Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``NoKeyholders``."""
    require_manager(actor, region_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        raise NotClosed
    if not poll.keyholders_needed:
        raise NoKeyholders
    assert poll.receipts_root is not None
    ceremony = db.session.get_one(KeyCeremony, (region_id, poll_id))
    head = _head(poll, box_files.BOX, ceremony, poll.receipts_root)
    _record(actor, poll, AuditVerb.POLL_BOX, receipts_root=poll.receipts_root)
    envelopes = db.session.scalars(
        sa.select(Envelope.sealed)
        .where(Envelope.region_id == region_id, Envelope.poll_id == poll_id)
        .order_by(Envelope.receipt)
        .execution_options(yield_per=_BATCH)
    )
    return box_files.write_box(head, (bytes(sealed) for sealed in envelopes))


def _head(poll: Poll, kind: str, ceremony: KeyCeremony, receipts_root: str) -> box_files.BoxHead:
    sealed = {holder.number: bytes(holder.sealed_share or b"").hex() for holder in keyholders_of(poll)}
    return box_files.BoxHead(
        kind=kind,
        poll=ids.encode(poll.id),
        public_key=ceremony.public_key,
        verify_key=ceremony.verify_key,
        needed=poll.keyholders_needed,
        shares=sealed,
        receipts_root=receipts_root,
        rules=poll.frozen_rules or "",
    )


def _ceremony_of(actor: Actor, poll: Poll) -> tuple[Poll, KeyCeremony]:
    poll = draft_for_change(actor, poll)
    ceremony = db.session.get(KeyCeremony, (poll.region_id, poll.id))
    if ceremony is None:
        raise PollKeyNotMade
    return poll, ceremony


def _confirm(
    actor: Actor, poll: Poll, ceremony: KeyCeremony, code: str, proved: Collection[int], *, opened_at: OpenedAt
) -> None:
    """The trial is over with the last keyholder who proves a file: enough who can open are not enough, if it is known
    of some only after the vote that they can't."""
    if not hmac.compare_digest(hash_of(code), ceremony.trial_hash):
        raise TrialCodeWrong
    holders = keyholders_of(poll)
    for holder in holders:
        if holder.number in proved:
            holder.proved_at = holder.proved_at or clock.now()
    if all(holder.proved_at for holder in holders):
        poll.trial_unsealed_at = clock.now()
    db.session.flush()
    _record(
        actor,
        poll,
        AuditVerb.POLL_TRIAL,
        public_key=ceremony.public_key,
        keyholders=sorted(set(proved)),
        opened_at=opened_at,
    )


def _forget_ceremony(poll: Poll) -> None:
    db.session.execute(
        sa.delete(KeyCeremony).where(KeyCeremony.region_id == poll.region_id, KeyCeremony.poll_id == poll.id)
    )
    poll.trial_unsealed_at = None


def _record(actor: Actor, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
