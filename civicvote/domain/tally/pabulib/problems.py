"""What can be wrong with a Pabulib file: a line, a stable code, and the values that its sentence needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from civicvote.kernel.errors import Invalid


class ProblemCode(StrEnum):
    # These leave nothing usable.
    NOT_UTF8 = "not_utf8"
    NOT_TEXT = "not_text"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    SECTION_MISSING = "section_missing"
    SECTION_OUT_OF_PLACE = "section_out_of_place"
    TEXT_BEFORE_META = "text_before_meta"
    HEADER_MISSING = "header_missing"
    COLUMN_MISSING = "column_missing"
    COLUMN_REPEATED = "column_repeated"
    META_REQUIRED = "meta_required"
    BUDGET_UNREADABLE = "budget_unreadable"
    VOTE_TYPE_UNKNOWN = "vote_type_unknown"
    NO_PROJECTS = "no_projects"
    PROJECT_ID_MISSING = "project_id_missing"
    PROJECT_REPEATED = "project_repeated"
    COST_UNREADABLE = "cost_unreadable"
    COST_NEGATIVE = "cost_negative"
    AMOUNT_TOO_LARGE = "amount_too_large"
    # With these a ballot is left out.
    VOTER_REPEATED = "voter_repeated"
    VOTE_MISSING = "vote_missing"
    POINTS_MISMATCH = "points_mismatch"
    POINTS_UNREADABLE = "points_unreadable"
    # With these everything readable is counted.
    META_MISSING = "meta_missing"
    META_UNREADABLE = "meta_unreadable"
    META_REPEATED = "meta_repeated"
    COUNT_DISAGREES = "count_disagrees"
    TOO_FEW_COLUMNS = "too_few_columns"
    TOO_MANY_COLUMNS = "too_many_columns"
    OFFICIAL_FIGURE_DISAGREES = "official_figure_disagrees"
    VOTER_ID_MISSING = "voter_id_missing"
    BALLOT_EMPTY = "ballot_empty"
    UNKNOWN_PROJECTS = "unknown_projects"
    REPEATED_PROJECTS = "repeated_projects"
    TOO_FEW_CHOICES = "ballot_too_few_choices"
    TOO_MANY_CHOICES = "ballot_too_many_choices"
    COST_SUM_TOO_LOW = "ballot_cost_sum_too_low"
    COST_SUM_TOO_HIGH = "ballot_cost_sum_too_high"
    POINTS_TOO_LOW = "ballot_points_too_low"
    POINTS_TOO_HIGH = "ballot_points_too_high"
    POINTS_SUM_TOO_LOW = "ballot_points_sum_too_low"
    POINTS_SUM_TOO_HIGH = "ballot_points_sum_too_high"


MESSAGES: Mapping[ProblemCode, str] = {
    ProblemCode.NOT_UTF8: "the text is not UTF-8; save the file as UTF-8",
    ProblemCode.NOT_TEXT: "there is a zero byte; this is not a text file",
    ProblemCode.QUOTE_NOT_CLOSED: "a quotation mark is opened here and never closed",
    ProblemCode.SECTION_MISSING: "the section %(section)s is missing; META, PROJECTS, VOTES is the order",
    ProblemCode.SECTION_OUT_OF_PLACE: "nothing may follow the VOTES, but here begins %(section)s",
    ProblemCode.TEXT_BEFORE_META: "the file must begin with the line META",
    ProblemCode.HEADER_MISSING: "the section %(section)s has no line of column names",
    ProblemCode.COLUMN_MISSING: "the section %(section)s has no column %(column)s",
    ProblemCode.COLUMN_REPEATED: "the section %(section)s has the column %(column)s twice",
    ProblemCode.META_REQUIRED: "META has no %(key)s",
    ProblemCode.BUDGET_UNREADABLE: "the budget “%(value)s” is not a plain number of 0 or more",
    ProblemCode.VOTE_TYPE_UNKNOWN: "the vote type “%(value)s” is not known",
    ProblemCode.NO_PROJECTS: "there is no project",
    ProblemCode.PROJECT_ID_MISSING: "the project has no id",
    ProblemCode.PROJECT_REPEATED: "the project id %(project)s stands already in line %(first_line)s",
    ProblemCode.COST_UNREADABLE: "the cost “%(value)s” of project %(project)s is not a plain number",
    ProblemCode.COST_NEGATIVE: "the cost %(value)s of project %(project)s is negative",
    ProblemCode.AMOUNT_TOO_LARGE: (
        "the amount %(value)s has more digits than can be kept with %(decimals)s behind the point"
    ),
    ProblemCode.VOTER_REPEATED: "the voter %(voter)s has a ballot already; this one is left out",
    ProblemCode.VOTE_MISSING: "the line ends before the vote; the ballot is left out",
    ProblemCode.POINTS_MISMATCH: ("projects chosen: %(choices)s, points given: %(points)s; the ballot is left out"),
    ProblemCode.POINTS_UNREADABLE: "the points “%(value)s” cannot be read; the ballot is left out",
    ProblemCode.META_MISSING: "META has no %(key)s",
    ProblemCode.META_UNREADABLE: "META's %(key)s “%(value)s” cannot be read; it is ignored",
    ProblemCode.META_REPEATED: "META has %(key)s twice; the first one holds",
    ProblemCode.COUNT_DISAGREES: "META's %(key)s is %(stated)s, but there are %(found)s lines",
    ProblemCode.TOO_FEW_COLUMNS: "the line has %(found)s of %(expected)s columns; the others count as empty",
    ProblemCode.TOO_MANY_COLUMNS: "the line has %(found)s columns, not %(expected)s; the rest is ignored",
    ProblemCode.OFFICIAL_FIGURE_DISAGREES: (
        "project %(project)s has %(column)s %(stated)s, but the ballots give %(found)s; the ballots hold"
    ),
    ProblemCode.VOTER_ID_MISSING: "the ballot has no voter id; it is counted",
    ProblemCode.BALLOT_EMPTY: "the ballot is empty; it counts as turnout only",
    ProblemCode.UNKNOWN_PROJECTS: "the ballot names unknown projects (%(projects)s); the others are counted",
    ProblemCode.REPEATED_PROJECTS: "the ballot names projects twice (%(projects)s); each is counted once",
    ProblemCode.TOO_FEW_CHOICES: "projects chosen: %(given)s, fewest allowed: %(limit)s; the ballot is counted",
    ProblemCode.TOO_MANY_CHOICES: "projects chosen: %(given)s, most allowed: %(limit)s; the ballot is counted",
    ProblemCode.COST_SUM_TOO_LOW: "the projects cost %(given)s, below %(limit)s; the ballot is counted",
    ProblemCode.COST_SUM_TOO_HIGH: "the projects cost %(given)s, above %(limit)s; the ballot is counted",
    ProblemCode.POINTS_TOO_LOW: "%(given)s points for %(option)s, below %(limit)s; the ballot is counted",
    ProblemCode.POINTS_TOO_HIGH: "%(given)s points for %(option)s, above %(limit)s; the ballot is counted",
    ProblemCode.POINTS_SUM_TOO_LOW: "%(given)s points in all, below %(limit)s; the ballot is counted",
    ProblemCode.POINTS_SUM_TOO_HIGH: "%(given)s points in all, above %(limit)s; the ballot is counted",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` counts from 1; of a row that spans several lines it is the first."""

    line: int
    code: ProblemCode
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English sentence, without the line number."""
        return MESSAGES[self.code] % self.params

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class PabulibError(Invalid):
    """Nothing of the file can be used; ``problems`` says why, by line, and is never empty."""

    code = "pabulib_unreadable"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(field="file", problems=self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
