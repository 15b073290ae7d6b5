"""Statements of opinion questions quoted elsewhere: the address holds an id, the words come from the statement."""

from flask import request

from civicvote.domain.opinions.errors import UnknownQuestion, UnknownStatement
from civicvote.domain.opinions.paths import question_path
from civicvote.domain.opinions.queries import quotable_statement
from civicvote.domain.threads.quotation import quotation
from civicvote.kernel import ids
from civicvote.web.auth import current_actor
from civicvote.web.scope import current_region

#: The argument of an address that names the statement.
ARGUMENT = "statement"


def quoted_statement() -> str:
    """The statement that this address asks to quote, as Markdown; empty where it names none that readers see."""
    key = request.args.get(ARGUMENT)
    if not key:
        return ""
    region = current_region()
    try:
        text, question = quotable_statement(current_actor(), region.id, ids.decode(key))
    except (ValueError, UnknownQuestion, UnknownStatement):
        return ""
    return quotation(text, question.title, question_path(region.slug, question.id))
