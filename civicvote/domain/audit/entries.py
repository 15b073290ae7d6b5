"""What an observer asks for, and an entry as it is read."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civicvote.domain.audit.verbs import AuditGroup, AuditVerb


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries; what is None does not matter. Days are Korean, both inclusive. ``subject`` as it is recorded."""

    group: AuditGroup | None = None
    actor_id: int | None = None
    subject: str | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. ``fits``: its hash is the one of what stands there. ``verb`` is None where the word is not known here
    (a chain from elsewhere); ``spelled`` is what was recorded."""

    sequence: int
    at: datetime
    actor_id: int | None
    spelled: str
    subject: str
    detail: str
    entry_hash: str
    fits: bool

    @property
    def verb(self) -> AuditVerb | None:
        return AuditVerb(self.spelled) if self.spelled in set(AuditVerb) else None

    @property
    def details(self) -> dict[str, Any]:
        """The recorded values by their keys; what is no JSON object any more stands as it is."""
        try:
            found = json.loads(self.detail)
        except ValueError:
            return {"detail": self.detail}
        return found if isinstance(found, dict) else {"detail": found}
