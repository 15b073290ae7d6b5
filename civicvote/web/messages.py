"""The sentences behind the domain's refusal codes. A test holds that every ``Refusal`` class has one."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.kernel.errors import Refusal

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
    return text % refusal.params if refusal.params else text
