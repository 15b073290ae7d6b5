"""For each line of the retention table a row whose time counts from a given moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

from civicvote.db import Base, db
from civicvote.domain.accounts.links import LinkPurpose
from civicvote.domain.accounts.models import (
    AccountLink,
    AccountSession,
    Authenticator,
    Person,
    RecoveryCode,
    Residency,
)
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.monitor.models import CastTrace
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.opinions.models import OpinionParticipant
from civicvote.domain.polls.models import BallotDraft, CastRecord
from civicvote.domain.proposals.models import CoAuthorInvitation, ProposalDraft, ProposalImport
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.retention.models import Destruction
from civicvote.domain.retention.periods import AGE_OF_MAJORITY, Kept
from civicvote.domain.threads.models import CommentDraft
from civicvote.domain.threads.services import open_thread
from civicvote.domain.threads.stance import Stance
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.models import Upload
from civicvote.domain.verification.kinds import ClashDecision, MarkKind, VerificationChannel
from civicvote.domain.verification.models import (
    GuardianConsent,
    IdentityClash,
    IdentityMark,
    LetterBatch,
    LetterCode,
    RollPerson,
    RollUpload,
)
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE
from tests.factories.opinions import make_question
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import make_agenda_draft
from tests.factories.talk import make_proposal

Make = Callable[[datetime], Base]
LONG = timedelta(days=9000)


def _kept(row: Base) -> Base:
    db.session.add(row)
    db.session.flush()
    return row


def mail(since: datetime) -> OutboxMessage:
    row = OutboxMessage(
        id=ids.new_id(),
        address="a@example.org",
        locale="ko",
        kind=NotificationKind.REPLY_TO_COMMENT,
        params={"name": "김주민"},
        created_at=since - timedelta(days=2),
        due_at=since,
        sent_at=since,
    )
    _kept(row)
    return row


def session_of(person: Person, *, expires_at: datetime, ended_at: datetime | None) -> AccountSession:
    number = ids.new_id()
    row = AccountSession(
        token_hash=f"{number:064d}",
        id=number,
        person_id=person.id,
        created_at=expires_at - timedelta(days=30),
        expires_at=expires_at,
        ended_at=ended_at,
    )
    _kept(row)
    return row


def link(expires_at: datetime, *, used_at: datetime | None = None) -> AccountLink:
    row = AccountLink(
        id=ids.new_id(),
        purpose=LinkPurpose.SIGN_UP,
        email="new@example.org",
        payload={"name": "김주민", "password_hash": "!"},
        created_at=expires_at - timedelta(days=2),
        expires_at=expires_at,
        used_at=used_at,
    )
    _kept(row)
    return row


def message(since: datetime) -> Base:
    kind, person = NotificationKind.REPLY_TO_COMMENT, make_person()
    return _kept(Notification(person_id=person.id, id=ids.new_id(), kind=kind, params={}, created_at=since))


def recovery_code(since: datetime | None) -> Base:
    return _kept(RecoveryCode(person_id=make_person().id, code_mac="m" * 52, created_at=_AGES_AGO, used_at=since))


def authenticator(since: datetime, *, confirmed_at: datetime | None = None) -> Base:
    person_id = make_person().id
    return _kept(
        Authenticator(person_id=person_id, secret=b"s", created_at=since, confirmed_at=confirmed_at, last_step=0)
    )


def letter(since: datetime) -> Base:
    region, person = make_region(), make_person()
    batch = LetterBatch(
        region_id=region.id,
        id=ids.new_id(),
        made_by_id=person.id,
        made_at=_AGES_AGO,
        reason="투표 안내",
        letter_count=1,
        refused_count=0,
    )
    _kept(batch)
    return _kept(
        LetterCode(
            region_id=region.id,
            number="12345678",
            batch_id=batch.id,
            code_mac="m" * 52,
            identity_hash="h" * 64,
            residency_class=ResidencyClass.ADDRESS,
            district_code="2914051000",
            tries_left=5,
            expires_at=since,
            used_at=since - timedelta(days=1),
            used_by_id=person.id,
        )
    )


def roll_person(since: datetime) -> Base:
    region, person = make_region(), make_person()
    upload = RollUpload(
        region_id=region.id,
        id=ids.new_id(),
        uploaded_by_id=person.id,
        uploaded_at=since,
        reason="주민 명부",
        file_sha256="f" * 64,
        accepted_count=1,
        refused_count=0,
        refusals={},
    )
    _kept(upload)
    return _kept(
        RollPerson(
            region_id=region.id,
            identity_hash="h" * 64,
            upload_id=upload.id,
            residency_class=ResidencyClass.ADDRESS,
        )
    )


def clash(since: datetime | None) -> IdentityClash:
    row = IdentityClash(
        region_id=make_region().id,
        id=ids.new_id(),
        kind=MarkKind.NAME_AND_BIRTH,
        identity_hash="h" * 64,
        earlier_person_id=make_person().id,
        later_person_id=make_person().id,
        channel=VerificationChannel.DESK,
        claim={"born_on": "1990-01-01"},
        raised_at=_AGES_AGO,
        decision=ClashDecision.REFUSE if since else None,
        decided_at=since,
    )
    _kept(row)
    return row


def residency(**values: object) -> Residency:
    given: dict[str, object] = {
        "region_id": make_region().id,
        "person_id": make_person().id,
        "residency_class": ResidencyClass.ADDRESS,
        "assurance": Assurance.IN_PERSON,
        "confirmed_at": _NEVER,
        **values,
    }
    row = Residency(**given)
    _kept(row)
    return row


def of_age_at(moment: datetime) -> Residency:
    day = moment.astimezone(CIVIC_ZONE).date()
    return residency(born_on=day.replace(year=day.year - AGE_OF_MAJORITY))


def consent_for(minor: Residency, *, withdrawn_at: datetime | None = None) -> GuardianConsent:
    row = GuardianConsent(
        region_id=minor.region_id,
        person_id=minor.person_id,
        guardian_name="박부모",
        relation="모",
        evidence="동의서",
        consented_at=_LATELY,
        recorded_by_id=make_person().id,
        withdrawn_at=withdrawn_at,
    )
    _kept(row)
    return row


def cast_record(since: datetime | None) -> Base:
    region = make_region()
    poll = make_agenda_draft(region)
    poll.closed_at = since
    return _kept(
        CastRecord(
            region_id=region.id,
            poll_id=poll.id,
            voter_id=make_person().id,
            key_hash="k" * 64,
            request_mac="m" * 64,
            receipt="r" * 64,
        )
    )


def cast_trace(since: datetime | None) -> Base:
    region = make_region()
    poll = make_agenda_draft(region)
    poll.closed_at = since
    return _kept(
        CastTrace(
            region_id=region.id,
            poll_id=poll.id,
            key="k" * 32,
            cast_at=clock.now(),
            network_mark="n" * 64,
            is_change=False,
        )
    )


def identity_mark(since: datetime | None) -> IdentityMark:
    person = make_person()
    person.closed_at = since
    row = IdentityMark(
        region_id=make_region().id,
        kind=MarkKind.NAME_AND_BIRTH,
        identity_hash="h" * 64,
        ordinal=0,
        person_id=person.id,
        channel=VerificationChannel.DESK,
        marked_at=_AGES_AGO,
    )
    _kept(row)
    return row


def upload(since: datetime) -> Base:
    number = ids.new_id()
    return _kept(
        Upload(
            region_id=make_region().id,
            id=number,
            name=f"{number:032x}",
            media_type=MediaType.PNG,
            title="그림",
            size_bytes=1,
            has_thumbnail=False,
            sha256="0" * 64,
            sender_id=make_person().id,
            sent_at=since,
        )
    )


def proposal_draft(since: datetime) -> Base:
    round_ = make_round(make_region())
    return _kept(
        ProposalDraft(
            region_id=round_.region_id,
            id=ids.new_id(),
            round_id=round_.id,
            author_id=make_person().id,
            body="아직 다 쓰지 못했습니다",
            created_at=_AGES_AGO,
            saved_at=since,
        )
    )


def ballot_draft(since: datetime) -> Base:
    """Begun in a session that ended at ``since``."""
    poll, person = make_agenda_draft(make_region()), make_person()
    session = session_of(person, expires_at=since + timedelta(days=1), ended_at=since)
    return _kept(
        BallotDraft(
            region_id=poll.region_id,
            poll_id=poll.id,
            person_id=person.id,
            session_hash=session.token_hash,
            sealed=b"sealed",
            begun_at=_AGES_AGO,
        )
    )


def comment_draft(since: datetime) -> Base:
    thread = open_thread(region_id=make_region().id, group_id=None)
    return _kept(
        CommentDraft(
            region_id=thread.region_id,
            thread_id=thread.id,
            person_id=make_person().id,
            parent_id=0,
            stance=Stance.NEUTRAL,
            body="아직 올리지 않은 댓글",
            saved_at=since,
        )
    )


def co_author_invitation(since: datetime) -> Base:
    proposal = make_proposal(make_round(make_region()))
    return _kept(
        CoAuthorInvitation(
            region_id=proposal.region_id,
            id=ids.new_id(),
            proposal_id=proposal.id,
            email="neighbour@example.org",
            state=CoAuthorState.INVITED,
            invited_at=since,
        )
    )


def opinion_participant(since: datetime) -> Base:
    region = make_region()
    question = make_question(region)
    question.closed_at = since
    return _kept(
        OpinionParticipant(
            region_id=region.id,
            question_id=question.id,
            number=1,
            person_id=make_person().id,
            vote_count=0,
            joined_at=since,
        )
    )


def proposal_import(since: datetime) -> Base:
    round_ = make_round(make_region())
    return _kept(
        ProposalImport(
            region_id=round_.region_id,
            id=ids.new_id(),
            round_id=round_.id,
            clerk_id=make_person().id,
            file_name="원탁회의.csv",
            source="상동 원탁회의",
            rows=[{"title": "골목 등"}],
            refused=[],
            accepted_count=1,
            refused_count=0,
            checked_at=since,
            taken_at=_LATELY,
        )
    )


def destruction(since: datetime) -> Base:
    return _kept(Destruction(id=ids.new_id(), kept="mails", before_at=since, destroyed_count=3, destroyed_at=since))


#: The moment at which the tests live: noon in Korea.
NOW = datetime(2026, 6, 15, 12, tzinfo=CIVIC_ZONE)
_AGES_AGO, _LATELY, _NEVER = NOW - LONG, NOW - timedelta(days=40), NOW + timedelta(days=1)

MAKERS: dict[Kept, Make] = {
    Kept.MAILS: mail,
    Kept.SESSIONS: lambda since: session_of(make_person(), expires_at=since, ended_at=None),
    Kept.SIGN_UPS: link,
    Kept.LINKS: link,
    Kept.MESSAGES: message,
    Kept.RECOVERY_CODES: recovery_code,
    Kept.UNFINISHED_AUTHENTICATORS: authenticator,
    Kept.LETTERS: letter,
    Kept.ROLLS: roll_person,
    Kept.CLASH_CLAIMS: clash,
    Kept.CLASHES: clash,
    Kept.GUARDIANS: lambda since: consent_for(of_age_at(since)),
    Kept.BIRTH_DATES: of_age_at,
    Kept.EVIDENCE: lambda since: residency(confirmed_at=since, evidence="운전면허증"),
    Kept.CAST_RECORDS: cast_record,
    Kept.CAST_TRACES: cast_trace,
    Kept.IDENTITY_MARKS: identity_mark,
    Kept.UPLOADS: upload,
    Kept.PROPOSAL_DRAFTS: proposal_draft,
    Kept.COMMENT_DRAFTS: comment_draft,
    Kept.BALLOT_DRAFTS: ballot_draft,
    Kept.CO_AUTHOR_INVITATIONS: co_author_invitation,
    Kept.OPINION_PARTICIPANTS: opinion_participant,
    Kept.PROPOSAL_IMPORTS: proposal_import,
    Kept.DESTRUCTIONS: destruction,
}
