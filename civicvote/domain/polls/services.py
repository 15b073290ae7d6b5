"""What can be done with a poll, in the order in which it is done.

A draft is prepared and frozen (``services_preparing``), takes ballots while the clock says so (``services_casting``),
is closed, counted and published (``services_counting``). Elections of other places come in closed
(``services_importing``). None of them commits.
"""

from civicvote.domain.polls.services_casting import Receipt, cast_ballot
from civicvote.domain.polls.services_counting import (
    close_and_count,
    close_poll,
    count_poll,
    destroy_leftover_keys,
    publish_poll,
)
from civicvote.domain.polls.services_importing import ImportedElection, import_election
from civicvote.domain.polls.services_preparing import (
    add_option,
    create_poll,
    edit_poll,
    freeze_poll,
    options_of,
    plan_of,
    replace_options,
)

__all__ = [
    "ImportedElection",
    "Receipt",
    "add_option",
    "cast_ballot",
    "close_and_count",
    "close_poll",
    "count_poll",
    "create_poll",
    "destroy_leftover_keys",
    "edit_poll",
    "freeze_poll",
    "import_election",
    "options_of",
    "plan_of",
    "publish_poll",
    "replace_options",
]
