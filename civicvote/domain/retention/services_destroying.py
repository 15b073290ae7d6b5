"""How each line of the retention table is carried out: one statement, at most so many rows, no row is loaded."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import Base, db
from civicvote.domain.accounts.models import (
    AccountLink,
    AccountSession,
    Authenticator,
    Person,
    RecoveryCode,
    Residency,
)
from civicvote.domain.monitor.models import CastTrace
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion
from civicvote.domain.polls.models import BallotDraft, CastRecord, Poll, RollEntry
from civicvote.domain.proposals.models import CoAuthorInvitation, ProposalDraft, ProposalImport
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.retention.models import Destruction
from civicvote.domain.retention.periods import AGE_OF_MAJORITY, Kept, comes_of_age
from civicvote.domain.threads.models import CommentDraft
from civicvote.domain.verification.models import (
    GuardianConsent,
    IdentityClash,
    IdentityMark,
    LetterCode,
    RollPerson,
    RollUpload,
)
from civicvote.kernel import clock

#: Destroys what was over before a moment, at most so many rows; how many they were.
Destroy = Callable[[datetime, int], int]


def _mails(before: datetime, most: int) -> int:
    """Mail that did not go out for so long is given up: its retries end within days."""
    return _delete(OutboxMessage, most, sa.func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at) < before)


def _sessions(before: datetime, most: int) -> int:
    return _delete(AccountSession, most, sa.or_(AccountSession.ended_at < before, AccountSession.expires_at < before))


def _sign_ups(before: datetime, most: int) -> int:
    over = sa.or_(AccountLink.expires_at < before, AccountLink.used_at < before)
    return _empty(AccountLink, most, over, _holds_something(AccountLink.payload), payload={})


def _links(before: datetime, most: int) -> int:
    return _delete(AccountLink, most, AccountLink.expires_at < before)


def _messages(before: datetime, most: int) -> int:
    return _delete(Notification, most, Notification.created_at < before)


def _recovery_codes(before: datetime, most: int) -> int:
    return _delete(RecoveryCode, most, RecoveryCode.used_at < before)


def _unfinished_authenticators(before: datetime, most: int) -> int:
    return _delete(Authenticator, most, Authenticator.confirmed_at.is_(None), Authenticator.created_at < before)


def _letters(before: datetime, most: int) -> int:
    """The letter stays as a number in the count of its batch."""
    return _empty(
        LetterCode,
        most,
        LetterCode.expires_at < before,
        LetterCode.identity_hash != "",
        identity_hash="",
        code_mac="",
        district_code=None,
        excluded_as=None,
        used_by_id=None,
    )


def _rolls(before: datetime, most: int) -> int:
    uploaded = sa.exists().where(
        RollUpload.region_id == RollPerson.region_id,
        RollUpload.id == RollPerson.upload_id,
        RollUpload.uploaded_at < before,
    )
    return _delete(RollPerson, most, uploaded)


def _clash_claims(before: datetime, most: int) -> int:
    return _empty(
        IdentityClash, most, IdentityClash.decided_at < before, _holds_something(IdentityClash.claim), claim={}
    )


def _clashes(before: datetime, most: int) -> int:
    return _delete(IdentityClash, most, IdentityClash.decided_at < before)


def _guardians(before: datetime, most: int) -> int:
    """Withdrawn, or the person is of age or closed the account. Where only the year of birth is known, or nothing at
    all, the consent stays until there can be no doubt."""
    of_age_on = comes_of_age(clock.today())
    of_age = sa.exists().where(
        Residency.region_id == GuardianConsent.region_id,
        Residency.person_id == GuardianConsent.person_id,
        sa.or_(
            Residency.born_on <= of_age_on,
            sa.and_(Residency.born_on.is_(None), Residency.birth_year < of_age_on.year),
        ),
    )
    closed = sa.exists().where(Person.id == GuardianConsent.person_id, Person.closed_at.is_not(None))
    long_ago = GuardianConsent.consented_at < before.replace(year=before.year - AGE_OF_MAJORITY, day=1)
    return _delete(GuardianConsent, most, sa.or_(GuardianConsent.withdrawn_at < before, of_age, closed, long_ago))


def _birth_dates(before: datetime, most: int) -> int:
    return _empty(Residency, most, Residency.born_on <= comes_of_age(clock.today()), born_on=None)


def _evidence(before: datetime, most: int) -> int:
    return _empty(Residency, most, Residency.confirmed_at < before, Residency.evidence != "", evidence="")


def _cast_records(before: datetime, most: int) -> int:
    """A repeated request is recognised by them; long after closing nobody repeats one. Envelopes and receipts stay."""
    closed = sa.exists().where(
        Poll.region_id == CastRecord.region_id, Poll.id == CastRecord.poll_id, Poll.closed_at < before
    )
    return _delete(CastRecord, most, closed)


def _cast_traces(before: datetime, most: int) -> int:
    closed = sa.exists().where(
        Poll.region_id == CastTrace.region_id, Poll.id == CastTrace.poll_id, Poll.closed_at < before
    )
    return _delete(CastTrace, most, closed)


def _identity_marks(before: datetime, most: int) -> int:
    """Of accounts that were closed, once no vote in whose roll they stood is open or was closed since ``before``."""
    closed = sa.exists().where(Person.id == IdentityMark.person_id, Person.closed_at < before)
    still_needed = sa.exists().where(
        RollEntry.region_id == IdentityMark.region_id,
        RollEntry.voter_id == IdentityMark.person_id,
        Poll.region_id == RollEntry.region_id,
        Poll.id == RollEntry.poll_id,
        sa.or_(Poll.closed_at.is_(None), Poll.closed_at >= before),
    )
    return _delete(IdentityMark, most, closed, ~still_needed)


def _proposal_drafts(before: datetime, most: int) -> int:
    return _delete(ProposalDraft, most, ProposalDraft.saved_at < before)


def _comment_drafts(before: datetime, most: int) -> int:
    return _delete(CommentDraft, most, CommentDraft.saved_at < before)


def _ballot_drafts(before: datetime, most: int) -> int:
    """The session's end is the draft's: nobody could read it any more. Those of closed polls went with the closing."""
    ended = sa.select(AccountSession.token_hash).where(
        (AccountSession.ended_at < before) | (AccountSession.expires_at < before)
    )
    return _delete(BallotDraft, most, BallotDraft.session_hash.in_(ended))


def _co_author_invitations(before: datetime, most: int) -> int:
    """A declined one stays: without it, the same address could be asked again and again."""
    is_open = CoAuthorInvitation.state == CoAuthorState.INVITED
    return _delete(CoAuthorInvitation, most, CoAuthorInvitation.invited_at < before, is_open)


def _proposal_imports(before: datetime, most: int) -> int:
    return _delete(ProposalImport, most, ProposalImport.checked_at < before)


def _destructions(before: datetime, most: int) -> int:
    return _delete(Destruction, most, Destruction.destroyed_at < before)


#: Every line but the uploads, whose files lie outside of the database.
def _opinion_participants(before: datetime, most: int) -> int:
    """The answers stay, under a number that is nobody's."""
    closed = sa.exists().where(
        OpinionQuestion.region_id == OpinionParticipant.region_id,
        OpinionQuestion.id == OpinionParticipant.question_id,
        sa.func.coalesce(OpinionQuestion.closed_at, OpinionQuestion.closes_at) < before,
    )
    return _empty(OpinionParticipant, most, OpinionParticipant.person_id.is_not(None), closed, person_id=None)


DESTROY: dict[Kept, Destroy] = {
    Kept.MAILS: _mails,
    Kept.SESSIONS: _sessions,
    Kept.SIGN_UPS: _sign_ups,
    Kept.LINKS: _links,
    Kept.MESSAGES: _messages,
    Kept.RECOVERY_CODES: _recovery_codes,
    Kept.UNFINISHED_AUTHENTICATORS: _unfinished_authenticators,
    Kept.LETTERS: _letters,
    Kept.ROLLS: _rolls,
    Kept.CLASH_CLAIMS: _clash_claims,
    Kept.CLASHES: _clashes,
    Kept.GUARDIANS: _guardians,
    Kept.BIRTH_DATES: _birth_dates,
    Kept.EVIDENCE: _evidence,
    Kept.CAST_RECORDS: _cast_records,
    Kept.CAST_TRACES: _cast_traces,
    Kept.IDENTITY_MARKS: _identity_marks,
    Kept.PROPOSAL_DRAFTS: _proposal_drafts,
    Kept.COMMENT_DRAFTS: _comment_drafts,
    Kept.BALLOT_DRAFTS: _ballot_drafts,
    Kept.CO_AUTHOR_INVITATIONS: _co_author_invitations,
    Kept.OPINION_PARTICIPANTS: _opinion_participants,
    Kept.PROPOSAL_IMPORTS: _proposal_imports,
    Kept.DESTRUCTIONS: _destructions,
}


def _delete(model: type[Base], most: int, *conditions: sa.ColumnElement[bool]) -> int:
    return _run(sa.delete(model).where(_first(model, most, conditions)))


def _empty(model: type[Base], most: int, *conditions: sa.ColumnElement[bool], **values: Any) -> int:
    return _run(sa.update(model).where(_first(model, most, conditions)).values(**values))


def _first(model: type[Base], most: int, conditions: tuple[sa.ColumnElement[bool], ...]) -> sa.ColumnElement[bool]:
    """The ``most`` first rows that fit, by their primary keys."""
    keys = sa.inspect(model).primary_key
    wanted = sa.select(*keys).where(*conditions).order_by(*keys).limit(most)
    return keys[0].in_(wanted) if len(keys) == 1 else sa.tuple_(*keys).in_(wanted)


def _run(statement: sa.Delete | sa.Update) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _holds_something(column: sa.orm.InstrumentedAttribute[dict[str, Any]]) -> sa.ColumnElement[bool]:
    """JSON has no equality on PostgreSQL; its text has."""
    return sa.cast(column, sa.Text) != "{}"
