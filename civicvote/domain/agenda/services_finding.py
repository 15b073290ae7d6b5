"""What readers find of agenda items: the title under which residents chose them."""

from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row


def findable_agenda_item(item: AgendaItem) -> Row:
    """Its row of the index, whatever became of the proposal: the agenda shows it, too."""
    return findable_row(
        region_id=item.region_id,
        kind=FindableKind.AGENDA_ITEM,
        subject_id=item.id,
        title=item.title,
        text="",
        occurred_at=item.selected_at,
        round_id=item.round_id,
    )
