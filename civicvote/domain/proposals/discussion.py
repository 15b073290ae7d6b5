"""What a round's rules say about the threads of its proposals."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.threads.editing import EditTimes


def edit_times(stored_rules: Mapping[str, Any]) -> EditTimes:
    """How long comments can be edited in a round with these rules. Raises ``RulesUnusable``."""
    rules = RoundRules.from_json(stored_rules)
    return EditTimes(
        silent=timedelta(minutes=rules.comment_silent_edit_minutes), possible=timedelta(hours=rules.comment_edit_hours)
    )
