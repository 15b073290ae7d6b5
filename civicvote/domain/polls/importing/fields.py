"""The categories of an imported election as the fields of its round, where our model has a place for them.

An option belongs to one field here. Where a file puts some project into several categories, leaving out all but one
would say what the file does not, so then none are taken over. Its districts and target groups have no place: a district
here is one of the Ministry's codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from civicvote.domain.polls.importing.slugs import slug_of
from civicvote.domain.tally.pabulib.model import PabulibProject

_LONGEST_KEY, _LONGEST_NAME = 40, 200


@dataclass(frozen=True, slots=True)
class ImportedField:
    key: str
    name: str


def fields_of(projects: Iterable[PabulibProject]) -> dict[str, ImportedField]:
    """Project id to its field, in the order of the file; empty where a project has several."""
    named = {project.option.id: project.fields.get("category", "").strip() for project in projects}
    if any("," in name for name in named.values()):
        return {}
    fields: dict[str, ImportedField] = {}
    for name in filter(None, named.values()):
        if name not in fields:
            key = slug_of(name)[: _LONGEST_KEY - 5]
            taken = {field.key for field in fields.values()}
            fields[name] = ImportedField(key if key not in taken else f"{key}-{len(fields) + 1}", name[:_LONGEST_NAME])
    return {project_id: fields[name] for project_id, name in named.items() if name}
