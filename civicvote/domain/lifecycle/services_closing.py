"""A person leaves: the account is closed, and what other areas keep about the person goes too."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.services_closing import close_account
from civicvote.domain.verification.models import GuardianConsent


def leave(*, person_id: int) -> str:
    """Close the account; the pseudonym that is left. Marks of identity stay, so that nobody votes twice by coming back.

    Raises ``LastAdministrator``."""
    pseudonym = close_account(person_id=person_id)
    db.session.execute(
        sa.update(GuardianConsent)
        .where(GuardianConsent.person_id == person_id)
        .values(guardian_name="", relation="", evidence="")
    )
    return pseudonym
