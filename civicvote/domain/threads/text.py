"""What a comment may say."""

from civicvote.domain.threads.errors import CommentEmpty, CommentTooLong
from civicvote.kernel.markup import clean_text

MAX_LENGTH = 3000


def clean_comment(body: str) -> str:
    """``body`` cleaned. Raises ``CommentEmpty``, ``CommentTooLong`` (characters), ``ControlCharacters``."""
    text = clean_text(body)
    if not text:
        raise CommentEmpty
    if len(text) > MAX_LENGTH:
        raise CommentTooLong(limit=MAX_LENGTH)
    return text
