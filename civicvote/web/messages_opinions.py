"""What opinion questions refuse, in sentences; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

OPINION_SENTENCES: dict[str, LazyString] = {
    "unknown_question": _l("There is no such opinion question, or it was taken away with its proposal."),
    "unknown_statement": _l("This statement is not in the question any more."),
    "question_closed": _l("This opinion question is closed. Its result stays readable."),
    "question_answered": _l("Somebody has answered already, so the question stays as it is. You can still close it."),
    "question_title_too_short": _l("Write the question in at least %(least)s characters."),
    "introduction_too_long": _l("The introduction is too long: at most %(limit)s characters."),
    "closes_too_early": _l("The closing day must lie ahead."),
    "too_few_seeds": _l("Write at least %(least)s statements to begin with, one a line."),
    "too_many_seeds": _l("Begin with at most %(most)s statements; participants add their own."),
    "statement_too_short": _l("Say a little more: at least %(least)s characters a statement."),
    "statement_too_long": _l("A statement has at most %(limit)s characters, one thought: “%(text)s…” is longer."),
    "duplicate_statement": _l("This has been said already: “%(text)s”."),
    "too_many_waiting": _l(
        "%(most)s of your statements wait for a facilitator. As soon as they are decided you can add more."
    ),
    "statement_decided": _l("Somebody decided about this statement already. Load the page again."),
    "refusal_needs_reason": _l("Write why: the author is told."),
    "question_host_taken_away": _l("This proposal was merged into another one. Ask about that one."),
    "export_not_ready": _l("The answers are given out as files after closing, and only of %(least)s people or more."),
    "conversation_already_imported": _l("This conversation is here already."),
}
