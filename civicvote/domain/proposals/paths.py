"""Addresses on the site that messages lead to, without the language prefix."""

from civicvote.kernel import ids


def proposal_path(slug: str, proposal_id: int) -> str:
    return f"/regions/{slug}/proposals/{ids.encode(proposal_id)}"


def comment_path(slug: str, thread_id: int, comment_id: int) -> str:
    key = ids.encode(comment_id)
    return f"/regions/{slug}/threads/{ids.encode(thread_id)}/comments/{key}#c-{key}"


def merge_path(slug: str, merge_id: int) -> str:
    return f"/regions/{slug}/merges/{ids.encode(merge_id)}"


def invitation_path(slug: str, proposal_id: int) -> str:
    return f"{proposal_path(slug, proposal_id)}/invitation"
