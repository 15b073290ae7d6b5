"""Addresses that the domain writes into messages, without the language prefix."""

from civicvote.kernel import ids


def question_path(slug: str, question_id: int) -> str:
    return f"/regions/{slug}/opinions/{ids.encode(question_id)}"
