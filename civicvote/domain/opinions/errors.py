"""What opinion questions refuse."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownQuestion(NotFound):
    code = "unknown_question"


class UnknownStatement(NotFound):
    """There is none of this id in the question, or readers don't see it."""

    code = "unknown_statement"


class QuestionClosed(Conflict):
    code = "question_closed"


class QuestionAnswered(Conflict):
    """Somebody answered already: what they answered to stays as it was."""

    code = "question_answered"


class QuestionTitleTooShort(Invalid):
    """Fewer than ``least`` characters."""

    code = "question_title_too_short"
    field = "title"


class IntroductionTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "introduction_too_long"
    field = "introduction"


class ClosesTooEarly(Invalid):
    """The question would be over before anybody can answer."""

    code = "closes_too_early"
    field = "closes_at"


class TooFewSeeds(Invalid):
    """Fewer than ``least`` statements to begin with."""

    code = "too_few_seeds"
    field = "seeds"


class TooManySeeds(Invalid):
    """More than ``most`` statements to begin with."""

    code = "too_many_seeds"
    field = "seeds"


class StatementTooShort(Invalid):
    """Fewer than ``least`` characters."""

    code = "statement_too_short"
    field = "text"


class StatementTooLong(Invalid):
    """More than ``limit`` characters; ``text`` is its beginning."""

    code = "statement_too_long"
    field = "text"


class DuplicateStatement(Invalid):
    """The question has it already; ``text`` is the one that is there."""

    code = "duplicate_statement"
    field = "text"


class TooManyWaiting(Conflict):
    """The person has ``most`` statements that wait for a facilitator."""

    code = "too_many_waiting"


class StatementDecided(Conflict):
    """Another facilitator was faster."""

    code = "statement_decided"


class RefusalNeedsReason(Invalid):
    """The author is told why."""

    code = "refusal_needs_reason"
    field = "reason"


class QuestionHostTakenAway(Conflict):
    """The proposal was hidden, withdrawn or merged."""

    code = "question_host_taken_away"


class ExportNotReady(Forbidden):
    """Only closed questions with at least ``least`` participants are given out as data."""

    code = "export_not_ready"


class ConversationAlreadyImported(Conflict):
    """The same source is here already, in the region ``slug`` as the question ``key``."""

    code = "conversation_already_imported"
