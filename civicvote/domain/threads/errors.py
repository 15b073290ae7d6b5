"""What threads refuse."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownThread(NotFound):
    code = "unknown_thread"


class UnknownComment(NotFound):
    code = "unknown_comment"


class CommentEmpty(Invalid):
    code = "comment_empty"
    field = "body"


class CommentTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "comment_too_long"
    field = "body"


class CommentTakenAway(Conflict):
    """The comment that was to be answered or changed is hidden or withdrawn."""

    code = "comment_taken_away"


class CommentNotOwn(Forbidden):
    code = "comment_not_own"


class CommentEditClosed(Conflict):
    """A comment can be edited for ``hours`` hours."""

    code = "comment_edit_closed"


class CommentRatedByAuthor(Conflict):
    """Nobody rates a comment of their own."""

    code = "comment_rated_by_author"
