"""The retention table: which personal data is kept, for how long, counted from what, and what is then done with it.

Every table of the database stands here: in a line of ``RETENTION``, in ``KEPT`` with the reason for which it stays, or
in ``NOT_PERSONAL``. A test walks the schema: a new table fails until it is placed. The reasons are
stated to the public in ``web/retention_words.py``, beside each line's name. The periods are the ones that this software
proposes; none is written in a law but the duty to destroy what is no longer needed (Personal Information Protection
Act, Article 21).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Full years at which a person is of age (Civil Act of Korea, Article 4).
AGE_OF_MAJORITY = 19


class Kept(StrEnum):
    """The lines: personal data that is destroyed when its time is over."""

    MAILS = "mails"
    SESSIONS = "sessions"
    SIGN_UPS = "sign_ups"
    LINKS = "links"
    MESSAGES = "messages"
    RECOVERY_CODES = "recovery_codes"
    UNFINISHED_AUTHENTICATORS = "unfinished_authenticators"
    LETTERS = "letters"
    ROLLS = "rolls"
    CLASH_CLAIMS = "clash_claims"
    CLASHES = "clashes"
    GUARDIANS = "guardians"
    BIRTH_DATES = "birth_dates"
    EVIDENCE = "evidence"
    CAST_RECORDS = "cast_records"
    CAST_TRACES = "cast_traces"
    IDENTITY_MARKS = "identity_marks"
    UPLOADS = "uploads"
    PROPOSAL_DRAFTS = "proposal_drafts"
    COMMENT_DRAFTS = "comment_drafts"
    BALLOT_DRAFTS = "ballot_drafts"
    CO_AUTHOR_INVITATIONS = "co_author_invitations"
    OPINION_PARTICIPANTS = "opinion_participants"
    PROPOSAL_IMPORTS = "proposal_imports"
    DESTRUCTIONS = "destructions"


class Fate(StrEnum):
    """What becomes of a row whose time is over: it goes, or only the named fields of it are emptied."""

    DELETED = "deleted"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class Line:
    """``period`` counts from the moment that the line's words name; zero: as soon as that moment has come.
    ``fields`` are named where only they are emptied."""

    kept: Kept
    table: str
    period: timedelta
    fate: Fate = Fate.DELETED
    fields: tuple[str, ...] = ()


_YEAR = timedelta(days=365)

RETENTION: tuple[Line, ...] = (
    Line(Kept.MAILS, "outbox_messages", timedelta(days=30)),
    Line(Kept.SESSIONS, "account_sessions", timedelta(days=30)),
    Line(Kept.SIGN_UPS, "account_links", timedelta(0), Fate.EMPTIED, ("payload",)),
    Line(Kept.LINKS, "account_links", timedelta(days=7)),
    Line(Kept.MESSAGES, "notifications", _YEAR),
    Line(Kept.RECOVERY_CODES, "recovery_codes", timedelta(days=30)),
    Line(Kept.UNFINISHED_AUTHENTICATORS, "authenticators", timedelta(days=7)),
    Line(
        Kept.LETTERS,
        "letter_codes",
        timedelta(days=90),
        Fate.EMPTIED,
        ("identity_hash", "code_mac", "district_code", "excluded_as", "used_by_id"),
    ),
    Line(Kept.ROLLS, "roll_people", _YEAR),
    Line(Kept.CLASH_CLAIMS, "identity_clashes", timedelta(0), Fate.EMPTIED, ("claim",)),
    Line(Kept.CLASHES, "identity_clashes", _YEAR),
    # Before the birth dates: once those are gone, nothing but the year says when the person came of age.
    Line(Kept.GUARDIANS, "guardian_consents", timedelta(0)),
    Line(Kept.BIRTH_DATES, "residencies", timedelta(0), Fate.EMPTIED, ("born_on",)),
    Line(Kept.EVIDENCE, "residencies", 5 * _YEAR, Fate.EMPTIED, ("evidence",)),
    Line(Kept.CAST_RECORDS, "cast_records", timedelta(days=30)),
    Line(Kept.CAST_TRACES, "cast_traces", timedelta(days=30)),
    Line(Kept.IDENTITY_MARKS, "identity_marks", _YEAR),
    Line(Kept.PROPOSAL_DRAFTS, "proposal_drafts", timedelta(days=180)),
    Line(Kept.COMMENT_DRAFTS, "comment_drafts", timedelta(days=30)),
    Line(Kept.BALLOT_DRAFTS, "ballot_drafts", timedelta(0)),
    Line(Kept.CO_AUTHOR_INVITATIONS, "co_author_invitations", timedelta(days=30)),
    Line(Kept.UPLOADS, "uploads", timedelta(days=1)),
    Line(Kept.OPINION_PARTICIPANTS, "opinion_participants", _YEAR, Fate.EMPTIED, ("person_id",)),
    Line(Kept.PROPOSAL_IMPORTS, "proposal_imports", timedelta(days=30)),
    Line(Kept.DESTRUCTIONS, "destructions", 3 * _YEAR),
)


class Lasting(StrEnum):
    """Personal data that is not destroyed by time, by the reason for which it stays."""

    ACCOUNT = "account"
    RESIDENCY = "residency"
    ROLES = "roles"
    PUBLIC_ACTS = "public_acts"
    MODERATION = "moderation"
    VOTES = "votes"
    MONEY = "money"
    FILES = "files"
    AUDIT = "audit"


#: The tables whose rows stay, or what lines above leave of them.
KEPT: dict[Lasting, tuple[str, ...]] = {
    # all but the account's own row goes when the person closes it
    Lasting.ACCOUNT: ("people", "passkeys", "authenticators", "recovery_codes", "provider_sign_ins", "follows"),
    Lasting.RESIDENCY: ("residencies", "identity_marks", "letter_codes", "letter_batches", "roll_uploads"),
    Lasting.ROLES: ("role_grants", "poll_keyholders"),
    Lasting.PUBLIC_ACTS: (
        "proposals",
        "proposal_versions",
        "co_authors",
        "merges",
        "endorsements",
        "comments",
        "comment_revisions",
        "comment_ratings",
        "voices",
        "voice_versions",
        "opinion_questions",
        "opinion_statements",
        "opinion_participants",
        "opinion_votes",
        "findables",
        "proposal_marks",
    ),
    Lasting.MODERATION: ("reports", "moderation_cases", "moderation_decisions"),
    Lasting.VOTES: ("roll_entries", "envelopes", "poll_electors"),
    Lasting.MONEY: ("disbursements", "ledger_transfers"),
    Lasting.FILES: ("uploads", "proposal_files", "disbursement_files"),
    Lasting.AUDIT: ("audit_entries", "round_extensions", "poll_extensions"),
}

#: Tables that are about no person.
NOT_PERSONAL: tuple[str, ...] = (
    "agenda_items",
    "audit_day_heads",
    "audit_heads",
    "ballot_receipts",
    "districts",
    "exclusion_rules",
    "findable_formats",
    "institution_memberships",
    "institutions",
    "ledger_accounts",
    "opinion_snapshots",
    "outcome_insights",
    "outcomes",
    "poll_key_ceremonies",
    "poll_options",
    "poll_watches",
    "polls",
    "projects",
    "reached_steps",
    "region_figures",
    "regions",
    "residency_rules",
    "round_fields",
    "round_phases",
    "rounds",
    "staff_networks",
    "threads",
    "turnout_groups",
    "turnouts",
    "unsealed_ballots",
)


def comes_of_age(today: date) -> date:
    """Whoever was born on this day or before is of age ``today``. Born on 29 February: on 1 March of a common year."""
    try:
        return today.replace(year=today.year - AGE_OF_MAJORITY)
    except ValueError:
        return today.replace(year=today.year - AGE_OF_MAJORITY, day=28)
