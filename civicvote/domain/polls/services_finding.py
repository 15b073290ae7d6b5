"""What readers find of polls from freezing on: titles, descriptions and what can be chosen."""

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, forget, write_findables
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.states import PollState


def findable_poll(poll: Poll) -> Row | None:
    """Its row of the index; None of a draft. With the outcome it counts as new again."""
    if poll.state is PollState.DRAFT:
        return None
    titles = dict.fromkeys((poll.title_ko, poll.title_en))
    options = (part for option in poll.options for part in (option.label, option.summary))
    return findable_row(
        region_id=poll.region_id,
        kind=FindableKind.POLL,
        subject_id=poll.id,
        title=" · ".join(titles),
        text="\n".join(filter(None, (poll.description_ko, poll.description_en, *options))),
        occurred_at=poll.published_at or poll.frozen_at or poll.opens_at,
        round_id=poll.round_id,
    )


def refresh_poll_in_index(*, poll: Poll) -> None:
    """To be called after whatever changes its texts or its state. One statement."""
    if row := findable_poll(poll):
        write_findables(rows=[row])
    else:
        forget(region_id=poll.region_id, kind=FindableKind.POLL, subject_id=poll.id)
