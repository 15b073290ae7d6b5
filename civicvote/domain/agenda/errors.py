"""What the agenda refuses."""

from civicvote.kernel.errors import Conflict, NotFound


class UnknownAgendaItem(NotFound):
    code = "unknown_agenda_item"


class NotAnAgendaPoll(Conflict):
    """A budget poll selects projects, not agenda items."""

    code = "not_an_agenda_poll"


class NothingToAdopt(Conflict):
    """No option of the poll stands for a proposal of this platform, as in an imported election."""

    code = "nothing_to_adopt"
