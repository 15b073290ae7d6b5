"""A person leaves: the account is closed, and what other areas keep about the person goes too."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.services_closing import close_account
from civicvote.domain.opinions.services_leaving import forget_participant
from civicvote.domain.proposals.services_authors import forget_invitations
from civicvote.domain.proposals.services_drafts import discard_drafts_of
from civicvote.domain.proposals.services_following import forget_follows
from civicvote.domain.threads.services_drafts import drop_drafts_of
from civicvote.domain.verification.models import GuardianConsent, IdentityClash


def leave(*, person_id: int) -> str:
    """Close the account; the pseudonym that is left. Marks of identity stay, so that nobody votes twice by coming back.
    A verification of theirs that waits goes: no administrator may give a closed account somebody's residency.

    Raises ``LastAdministrator``."""
    email = db.session.scalar(sa.select(Person.email).where(Person.id == person_id))
    pseudonym = close_account(person_id=person_id)
    forget_invitations(email=email, author_id=person_id)
    discard_drafts_of(person_id=person_id)
    drop_drafts_of(person_id=person_id)
    forget_follows(person_id=person_id)
    forget_participant(person_id=person_id)
    db.session.execute(
        sa.update(GuardianConsent)
        .where(GuardianConsent.person_id == person_id)
        .values(guardian_name="", relation="", evidence="")
    )
    db.session.execute(
        sa.delete(IdentityClash).where(IdentityClash.later_person_id == person_id, IdentityClash.decided_at.is_(None))
    )
    return pseudonym
