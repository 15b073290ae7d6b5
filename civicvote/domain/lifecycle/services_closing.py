"""A person leaves: the account is closed, and what other areas keep about the person goes too."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.services_closing import close_account
from civicvote.domain.verification.models import GuardianConsent, IdentityClash


def leave(*, person_id: int) -> str:
    """Close the account; the pseudonym that is left. Marks of identity stay, so that nobody votes twice by coming back.
    A verification of theirs that waits goes: no administrator may give a closed account somebody's residency.

    Raises ``LastAdministrator``."""
    pseudonym = close_account(person_id=person_id)
    db.session.execute(
        sa.update(GuardianConsent)
        .where(GuardianConsent.person_id == person_id)
        .values(guardian_name="", relation="", evidence="")
    )
    db.session.execute(
        sa.delete(IdentityClash).where(IdentityClash.later_person_id == person_id, IdentityClash.decided_at.is_(None))
    )
    return pseudonym
