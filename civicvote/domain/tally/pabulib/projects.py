"""The PROJECTS section. If a project can't be read, nothing can be counted: every figure hangs on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from civicvote.domain.tally.pabulib.numbers import is_blank, plain_decimal
from civicvote.domain.tally.pabulib.problems import PabulibError, Problem, ProblemCode
from civicvote.domain.tally.pabulib.rows import Row
from civicvote.domain.tally.pabulib.sections import Header, Section, Sections

WITHDRAWN_COST = Decimal(999_999_999)
"""Pabulib's mark of a project that was on the ballot and later withdrawn."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """``cost`` is in main units, as written; ``fields`` are all columns that say something."""

    line: int
    id: str
    cost: Decimal
    fields: Mapping[str, str]

    @property
    def is_withdrawn(self) -> bool:
        return self.cost == WITHDRAWN_COST


def read_projects(sections: Sections, warnings: list[Problem]) -> list[ProjectRow]:
    """Raises :class:`PabulibError` with the faults of all projects at once."""
    header = sections.open(Section.PROJECTS, required=("project_id", "cost"))
    projects: dict[str, ProjectRow] = {}
    faults: list[Problem] = []
    for row in sections.body():
        if width_problem := header.width_problem(row):
            warnings.append(width_problem)
        read = _read_project(header, row)
        if isinstance(read, Problem):
            faults.append(read)
        elif (first := projects.get(read.id)) is not None:
            params = {"project": read.id, "first_line": first.line}
            faults.append(Problem(row.line, ProblemCode.PROJECT_REPEATED, params))
        else:
            projects[read.id] = read
    if not projects and not faults:
        faults.append(Problem(header.line, ProblemCode.NO_PROJECTS))
    if faults:
        raise PabulibError(faults)
    return list(projects.values())


def _read_project(header: Header, row: Row) -> ProjectRow | Problem:
    project_id = header.cell(row, "project_id")
    if not project_id:
        return Problem(row.line, ProblemCode.PROJECT_ID_MISSING)
    written = header.cell(row, "cost")
    cost = plain_decimal(written)
    if cost is None or cost < 0:
        code = ProblemCode.COST_UNREADABLE if cost is None else ProblemCode.COST_NEGATIVE
        return Problem(row.line, code, {"project": project_id, "value": written})
    fields = {
        column: cell for column, cell in zip(header.columns, row.cells, strict=False) if column and not is_blank(cell)
    }
    return ProjectRow(row.line, project_id, cost, fields)
