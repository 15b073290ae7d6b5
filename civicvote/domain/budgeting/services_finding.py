"""What readers find of projects: everything their page says."""

from civicvote.domain.budgeting.models import Project
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, write_findables


def findable_project(project: Project) -> Row:
    return findable_row(
        region_id=project.region_id,
        kind=FindableKind.PROJECT,
        subject_id=project.id,
        title=project.title,
        text="\n".join(filter(None, (project.summary, project.description, project.department, project.place))),
        occurred_at=project.created_at,
        round_id=project.round_id,
    )


def refresh_project_in_index(*, project: Project) -> None:
    """To be called after whatever changes its texts. One statement."""
    write_findables(rows=[findable_project(project)])
