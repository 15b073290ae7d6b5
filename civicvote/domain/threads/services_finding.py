"""What readers find of comments, as long as the thread's host can be read."""

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, forget, write_findables
from civicvote.domain.threads.models import Comment, Thread
from civicvote.kernel.markup import text_of
from civicvote.kernel.visibility import Visibility


def findable_comment(comment: Comment, thread: Thread) -> Row | None:
    """Its row of the index; None while it is hidden or withdrawn."""
    if comment.visibility is not Visibility.VISIBLE:
        return None
    return findable_row(
        region_id=comment.region_id,
        kind=FindableKind.COMMENT,
        subject_id=comment.id,
        title="",
        text=text_of(comment.body_html),
        occurred_at=comment.created_at,
        round_id=thread.group_id,
        host_id=comment.thread_id,
    )


def refresh_comment_in_index(*, comment: Comment, thread: Thread) -> None:
    """To be called after whatever changes its text or who sees it. One statement."""
    if row := findable_comment(comment, thread):
        write_findables(rows=[row])
    else:
        forget(region_id=comment.region_id, kind=FindableKind.COMMENT, subject_id=comment.id)
