"""What an entry of the audit says besides its act, in words: each recorded value with the word for its key."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.audit.entries import Entry
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.moderation.kinds import ReportReason
from civicvote.domain.polls.states import KeyFate, OpenedAt
from civicvote.domain.verification.kinds import ClashDecision, VerificationChannel
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.web.filters import HasCurrency, money
from civicvote.web.labels import label

#: Words for the keys; a key without one is shown as it was recorded.
KEYS: dict[str, LazyString] = {
    "accepted": _l("Rows taken"),
    "amount": _l("Amount"),
    "assurance": _l("How it was seen"),
    "ballots": _l("Ballots"),
    "channel": _l("Way of confirming"),
    "class": _l("Belongs because"),
    "cost": _l("Cost"),
    "decision": _l("Decision"),
    "department": _l("Department"),
    "electorate": _l("Electorate"),
    "envelope_amount": _l("Envelope"),
    "evidence": _l("Evidence"),
    "excluded_as": _l("Without a ballot as"),
    "facts": _l("Facts"),
    "file": _l("File"),
    "held_on": _l("Day"),
    "key_is_gone": _l("The key is destroyed"),
    "letters": _l("Letters"),
    "note": _l("Note"),
    "options": _l("Options"),
    "payee": _l("Payee"),
    "people": _l("People"),
    "phase": _l("Phase"),
    "phases": _l("Schedule"),
    "place": _l("Place"),
    "before": _l("Before"),
    "after": _l("After"),
    "proposal": _l("Proposal"),
    "public_key": _l("Public key"),
    "reason": _l("Reason given"),
    "receipts": _l("Receipts"),
    "receipts_hash": _l("Hash of the receipts"),
    "receipts_root": _l("Merkle root of the receipts"),
    "dropped": _l("Taken out"),
    "envelopes_emptied": _l("The sealed contents of the envelopes are deleted"),
    "key": _l("Key"),
    "keyholder": _l("Keyholder"),
    "keyholders": _l("Keyholders"),
    "named": _l("Named"),
    "opened_at": _l("Where it was opened"),
    "verify_key": _l("Key that checks signatures"),
    "needed": _l("Needed together"),
    "refused": _l("Rows refused"),
    "refused_rows": _l("Rows refused"),
    "role": _l("Role"),
    "roll_hash": _l("Hash of the roll"),
    "roll_size": _l("People on the roll"),
    "rows": _l("Rows"),
    "rule": _l("Rule"),
    "rules": _l("Rules"),
    "rules_hash": _l("Hash of the rules"),
    "selected": _l("Selected"),
    "sha256": _l("Hash of the file"),
    "source": _l("Source"),
    "stored_hash": _l("Hash of the stored ballots"),
    "state": _l("State"),
    "title": _l("Title"),
    "version": _l("Version"),
    "voice": _l("Spoken as"),
    "with_mail": _l("With mail addresses"),
}

_WORDS: dict[str, tuple[type[StrEnum], ...]] = {
    "assurance": (Assurance,),
    "channel": (VerificationChannel,),
    "class": (ResidencyClass,),
    "decision": (ClashDecision,),
    "excluded_as": (ExcludedGroup,),
    "key": (KeyFate,),
    "opened_at": (OpenedAt,),
    "phase": (Phase,),
    "role": (Role,),
    "rule": (ReportReason,),
    "state": (ProjectState,),
    "voice": (VoiceKind,),
}
_AMOUNTS = frozenset({"amount", "cost", "envelope_amount"})


@dataclass(frozen=True, slots=True)
class Detail:
    """One recorded value. ``is_plain``: words that people wrote or we have; otherwise a text for machines."""

    key: str
    value: str
    is_plain: bool


def details_of(entry: Entry, region: HasCurrency) -> Iterator[Detail]:
    """The entry's values in the order of their keys; empty ones are left out."""
    for key, value in entry.details.items():
        if value is None or value in ("", [], {}):
            continue
        word = str(KEYS[key]) if key in KEYS else key
        shown = _in_words(key, value, lambda amount: money(amount, region))
        if shown is not None:
            yield Detail(word, shown, is_plain=True)
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield Detail(word, text, is_plain=isinstance(value, str) and " " in text)


def _in_words(key: str, value: Any, amount: Callable[[int], str]) -> str | None:
    if isinstance(value, bool):
        return str(_l("yes") if value else _l("no"))
    if isinstance(value, int) and key in KEYS:
        return amount(value) if key in _AMOUNTS else f"{value:,}"
    for kind in _WORDS.get(key, ()):
        if value in set(kind):
            return label(kind(value))
    return None
