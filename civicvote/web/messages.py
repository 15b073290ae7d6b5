"""The sentences behind the domain's refusal codes. A test holds that every ``Refusal`` class has one."""

from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.kernel.errors import Refusal
from civicvote.web.filters import when
from civicvote.web.labels import LABELS, label

SENTENCES: dict[str, LazyString] = {
    "refused": _l("This can't be done."),
    "invalid": _l("Something in the form is not right."),
    "forbidden": _l("You may not do this."),
    "not_found": _l("There is nothing here."),
    "conflict": _l("Somebody changed this meanwhile. Load the page again and look."),
    "not_permitted": _l("Your account has no permission for this."),
    "bad_cursor": _l("This address is cut off or mistyped. Begin at the first page."),
    "control_characters": _l("The text holds characters that can't be shown. Type it again instead of pasting."),
    # regions
    "unknown_region": _l("There is no such region."),
    # accounts
    # rounds
    "unknown_round": _l("There is no such round, or it has not been announced yet."),
    "phase_closed": _l("This closed with the phase “%(phase)s” on %(closed_at)s."),
    "not_open_yet": _l("This opens with the phase “%(phase)s” on %(opens_at)s."),
    "never_open": _l("This round has no phase in which this is possible."),
    "round_not_announced": _l("The round has not been announced yet."),
    "round_already_announced": _l("The round was announced. Only the end of a phase can still be moved, to later."),
    "no_phases": _l("A round needs at least one phase. Give one of them a start and an end."),
    "phase_half_dated": _l("Give both a start and an end, or leave both empty to leave the phase out."),
    "phase_ends_before_start": _l("The end must be later than the start."),
    "phases_overlap": _l("This starts before “%(earlier)s” ends. Phases follow each other in this order."),
    "phase_needs_another": _l("This needs the phase “%(needed)s” before it. Add that one, or leave this one out."),
    "rules_unusable": _l("Enter a whole number from %(lowest)s to %(highest)s."),
    "envelope_negative": _l("The envelope can't be less than zero."),
    "field_twice": _l("“%(name)s” stands in the list twice."),
    "no_fields": _l("Name at least one field, one a line."),
    "phase_not_extended": _l("The new end must be later than the one now, %(ends_at)s."),
    "phase_already_over": _l("This phase is over. What closed with it can't be opened again."),
    "extension_meets_next_phase": _l("The phase “%(phase)s” starts on %(starts_at)s. The end can't lie behind that."),
    "reason_missing": _l("Give the reason. Residents will read it."),
    "round_incomplete": _l("The round can't be announced yet. The list says what is missing."),
    "round_starts_in_the_past": _l("The first phase starts in the past. Move the dates before you announce the round."),
    # proposals
    # threads
    # moderation
    # polls
    # tally
    # agenda
    # budgeting
    # allocations
}


def sentence(refusal: Refusal) -> str:
    """What a person reads when the rule says no, in the reader's language."""
    text = str(SENTENCES[refusal.code])
    return text % {name: _in_words(value) for name, value in refusal.params.items()} if refusal.params else text


def _in_words(value: object) -> object:
    """The domain gives moments and enum members; a sentence needs the reader's words for them."""
    if isinstance(value, datetime):
        return when(value)
    return label(value) if isinstance(value, StrEnum) and type(value) in LABELS else value
