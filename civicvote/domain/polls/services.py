"""What can be done with a poll, in the order in which it is done.

A draft is prepared and frozen (``services_preparing``), takes ballots while the clock says so (``services_casting``),
is closed or extended (``services_closing``), counted and published (``services_counting``, by way of
``services_count_asked``). Elections of other places come in closed (``services_importing``). None of them commits.
"""

from civicvote.domain.polls.services_casting import Receipt, cast_ballot
from civicvote.domain.polls.services_closing import close_poll, extend_poll
from civicvote.domain.polls.services_count_asked import (
    ask_for_count,
    close_and_ask,
    count_as_asked,
    count_by_schedule,
    require_no_count,
)
from civicvote.domain.polls.services_counting import (
    close_and_count,
    count_poll,
    count_unsealed,
    count_with_key,
    count_with_shares,
    destroy_leftover_keys,
    key_for_counting,
    publish_poll,
    require_ballots_file,
)
from civicvote.domain.polls.services_importing import ImportedElection, import_election
from civicvote.domain.polls.services_keyholders import (
    confirm_trial,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
    take_out_box,
    trial_box,
)
from civicvote.domain.polls.services_keys import Opening
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
    "Opening",
    "Receipt",
    "add_option",
    "ask_for_count",
    "cast_ballot",
    "close_and_ask",
    "close_and_count",
    "close_poll",
    "confirm_trial",
    "count_as_asked",
    "count_by_schedule",
    "count_poll",
    "count_unsealed",
    "count_with_key",
    "count_with_shares",
    "create_poll",
    "destroy_leftover_keys",
    "edit_poll",
    "extend_poll",
    "freeze_poll",
    "import_election",
    "key_for_counting",
    "make_keyholder_file",
    "make_poll_key",
    "name_keyholders",
    "open_trial",
    "options_of",
    "plan_of",
    "publish_poll",
    "replace_options",
    "require_ballots_file",
    "require_no_count",
    "take_out_box",
    "trial_box",
]
