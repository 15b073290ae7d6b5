"""The triggers by which the database itself refuses to change what was recorded, by the system it runs on.

The migrations make them; a test holds that a migrated database has these and, but for those that keep the index of
search, no others. Who drops one to change the past is found out by ``civicvote audit verify``, even before a hash is
looked at.
"""

#: Trigger → the table that it guards.
GUARDS: dict[str, dict[str, str]] = {
    "sqlite": {
        "audit_entries_no_update": "audit_entries",
        "audit_entries_no_delete": "audit_entries",
        "audit_day_heads_no_update": "audit_day_heads",
        "audit_day_heads_no_delete": "audit_day_heads",
        "ledger_transfers_no_update": "ledger_transfers",
        "ledger_transfers_no_delete": "ledger_transfers",
        "roll_entries_no_delete": "roll_entries",
        "roll_entries_electorate_kept": "roll_entries",
        "polls_frozen": "polls",
        "polls_age_frozen": "polls",
        "polls_choices_frozen": "polls",
        "poll_options_no_insert": "poll_options",
        "poll_options_no_update": "poll_options",
        "poll_options_no_delete": "poll_options",
        "polls_root_fixed": "polls",
        "ballot_receipts_no_insert": "ballot_receipts",
        "ballot_receipts_no_update": "ballot_receipts",
        "ballot_receipts_no_delete": "ballot_receipts",
        "poll_extensions_no_update": "poll_extensions",
        "poll_extensions_no_delete": "poll_extensions",
    },
    "postgresql": {
        "audit_entries_append_only": "audit_entries",
        "audit_entries_no_truncate": "audit_entries",
        "audit_day_heads_append_only": "audit_day_heads",
        "audit_day_heads_no_truncate": "audit_day_heads",
        "ledger_transfers_append_only": "ledger_transfers",
        "ledger_transfers_no_truncate": "ledger_transfers",
        "roll_entries_kept": "roll_entries",
        "roll_entries_electorate_kept": "roll_entries",
        "polls_frozen": "polls",
        "polls_age_frozen": "polls",
        "polls_choices_frozen": "polls",
        "poll_options_frozen": "poll_options",
        "polls_root_fixed": "polls",
        "ballot_receipts_no_insert": "ballot_receipts",
        "ballot_receipts_no_update": "ballot_receipts",
        "ballot_receipts_no_delete": "ballot_receipts",
        "ballot_receipts_no_truncate": "ballot_receipts",
        "poll_extensions_append_only": "poll_extensions",
        "poll_extensions_no_truncate": "poll_extensions",
    },
}
