"""Everything that is kept about one person, for the person: a list of rows for each kind of thing.

Whole tables by their owner, less what would open something (hashes, secrets), what names other people, and what a
ballot says: that is sealed, and nobody's name is on it once it is opened.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from civicvote.db import Base, db
from civicvote.domain.accounts.models import (
    AccountLink,
    AccountSession,
    Authenticator,
    Passkey,
    Person,
    ProviderSignIn,
    RecoveryCode,
    Residency,
    RoleGrant,
)
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.moderation.models import Decision, Report
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.polls.models import BallotDraft, Envelope, Keyholder, PollElector, PollExtension, RollEntry
from civicvote.domain.proposals.models import (
    CoAuthor,
    CoAuthorInvitation,
    Endorsement,
    Follow,
    Merge,
    Proposal,
    ProposalDraft,
    ProposalImport,
    ProposalVersion,
)
from civicvote.domain.rounds.models import RoundExtension
from civicvote.domain.threads.models import Comment, CommentDraft, CommentRating, CommentRevision
from civicvote.domain.uploads.models import Upload
from civicvote.domain.verification.models import GuardianConsent, IdentityClash, IdentityMark, LetterCode, RollPerson
from civicvote.domain.voices.models import Voice, VoiceVersion
from civicvote.kernel import ids

_Row = dict[str, Any]

#: Opens something, is the same again as HTML, or says something about somebody else.
WITHHELD = frozenset(
    {
        "token_hash",
        "password_hash",
        "payload",
        "public_key",
        "sealed_share",
        "challenge",
        "secret",
        "new_secret",
        "code_mac",
        "identity_hash",
        "mail_mac",
        "rows",
        "refused",
        "body_html",
        "claim",
        "earlier_person_id",
        "later_person_id",
        "editor_id",
        "writer",
        "session_hash",
        "sealed",
    }
)


def everything_about(person_id: int) -> dict[str, list[_Row]]:
    """The rows by kind, oldest first. ``polls`` says in which polls a ballot was cast (a channel),
    ``ballots_in_the_box`` when and under which receipt; nothing says for what."""
    address = db.session.scalar(sa.select(Person.email).where(Person.id == person_id))
    return {
        name: [_row(row) for row in db.session.execute(_in_order(table, condition))]
        for name, table, condition in _kinds(person_id, address)
    }


def _kinds(person_id: int, address: str | None) -> Iterator[tuple[str, type[Base], sa.ColumnElement[bool]]]:
    own_proposals = sa.select(Proposal.id).where(Proposal.author_id == person_id)
    own_voices = sa.select(Voice.id).where(Voice.author_id == person_id)
    own_comments = sa.select(Comment.id).where(Comment.author_id == person_id)
    yield "account", Person, Person.id == person_id
    yield "sessions", AccountSession, AccountSession.person_id == person_id
    yield "links_by_mail", AccountLink, sa.or_(AccountLink.person_id == person_id, AccountLink.email == address)
    yield "passkeys", Passkey, Passkey.person_id == person_id
    yield "authenticator", Authenticator, Authenticator.person_id == person_id
    yield "recovery_codes", RecoveryCode, RecoveryCode.person_id == person_id
    yield "providers", ProviderSignIn, ProviderSignIn.person_id == person_id
    yield "residencies", Residency, Residency.person_id == person_id
    yield "guardian_consents", GuardianConsent, GuardianConsent.person_id == person_id
    yield "identity_marks", IdentityMark, IdentityMark.person_id == person_id
    yield (
        "identity_clashes",
        IdentityClash,
        sa.or_(IdentityClash.earlier_person_id == person_id, IdentityClash.later_person_id == person_id),
    )
    yield "letters", LetterCode, LetterCode.used_by_id == person_id
    yield "uploaded_rolls", RollPerson, RollPerson.claimed_by_id == person_id
    yield "roles", RoleGrant, RoleGrant.person_id == person_id
    yield "proposals", Proposal, Proposal.author_id == person_id
    yield "earlier_versions_of_proposals", ProposalVersion, ProposalVersion.proposal_id.in_(own_proposals)
    yield "drafts_of_proposals", ProposalDraft, ProposalDraft.author_id == person_id
    yield "proposals_signed_with_others", CoAuthor, CoAuthor.person_id == person_id
    yield "invitations_to_sign", CoAuthorInvitation, CoAuthorInvitation.email == address
    yield "comments", Comment, Comment.author_id == person_id
    yield "earlier_versions_of_comments", CommentRevision, CommentRevision.comment_id.in_(own_comments)
    yield "comment_drafts", CommentDraft, CommentDraft.person_id == person_id
    yield "unfinished_ballots", BallotDraft, BallotDraft.person_id == person_id
    yield "electorates", PollElector, PollElector.person_id == person_id
    yield "comment_ratings", CommentRating, CommentRating.person_id == person_id
    yield "endorsements", Endorsement, Endorsement.person_id == person_id
    yield "follows", Follow, Follow.person_id == person_id
    yield (
        "merges_of_proposals",
        Merge,
        sa.or_(
            Merge.proposed_by_id == person_id,
            Merge.leading_consent_by_id == person_id,
            Merge.merged_consent_by_id == person_id,
            Merge.ended_by_id == person_id,
        ),
    )
    yield "voices", Voice, Voice.author_id == person_id
    yield (
        "earlier_versions_of_voices",
        VoiceVersion,
        sa.or_(VoiceVersion.voice_id.in_(own_voices), VoiceVersion.editor_id == person_id),
    )
    yield "opinion_questions_answered", OpinionParticipant, OpinionParticipant.person_id == person_id
    yield "opinion_answers", OpinionVote, _own_answer(person_id)
    yield "opinion_statements", OpinionStatement, OpinionStatement.author_id == person_id
    yield "opinion_questions_opened", OpinionQuestion, OpinionQuestion.opened_by_id == person_id
    yield "files", Upload, Upload.sender_id == person_id
    yield "polls", RollEntry, RollEntry.voter_id == person_id
    yield "ballots_in_the_box", Envelope, Envelope.voter_id == person_id
    yield "reports", Report, Report.reporter_id == person_id
    yield "messages", Notification, Notification.person_id == person_id
    yield "mails", OutboxMessage, OutboxMessage.address == address
    yield from _in_office(person_id)
    yield (
        "audit_entries",
        AuditEntry,
        sa.or_(AuditEntry.actor_id == person_id, AuditEntry.subject == f"person:{person_id}"),
    )


def _in_office(person_id: int) -> Iterator[tuple[str, type[Base], sa.ColumnElement[bool]]]:
    yield "decisions_as_moderator", Decision, Decision.moderator_id == person_id
    yield "transfers_as_officer", Transfer, Transfer.author_id == person_id
    yield (
        "payments_as_officer",
        Disbursement,
        sa.or_(Disbursement.entered_by_id == person_id, Disbursement.decided_by_id == person_id),
    )
    yield "imports_as_clerk", ProposalImport, ProposalImport.clerk_id == person_id
    yield "extensions_as_officer", RoundExtension, RoundExtension.officer_id == person_id
    yield "votes_extended_as_officer", PollExtension, PollExtension.officer_id == person_id
    yield "votes_as_keyholder", Keyholder, Keyholder.person_id == person_id


def _own_answer(person_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        OpinionParticipant.region_id == OpinionVote.region_id,
        OpinionParticipant.question_id == OpinionVote.question_id,
        OpinionParticipant.number == OpinionVote.participant,
        OpinionParticipant.person_id == person_id,
    )


def _in_order(table: type[Base], condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    stored = sa.inspect(table).local_table
    shown = [column for column in stored.columns if _is_shown(column.name)]
    return sa.select(*shown).where(condition).order_by(*stored.primary_key)


def _is_shown(column: str) -> bool:
    return column not in WITHHELD and not column.endswith("_by_id")


def _row(row: sa.Row[Any]) -> _Row:
    return {name: _plain(name, value) for name, value in row._mapping.items()}


def _plain(name: str, value: object) -> object:
    """What JSON can hold: identifiers as they stand in addresses, moments in ISO 8601 (UTC)."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, int) and (name == "id" or name.endswith("_id")):
        return ids.encode(value)
    return value
