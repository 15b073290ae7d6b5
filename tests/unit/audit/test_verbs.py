"""Every act that the code enters in the audit is a word of ``AuditVerb``, in a group that one can filter by."""

import ast
import re

import pytest

from civicvote.domain.audit.verbs import AuditGroup, AuditVerb, verbs_of
from civicvote.kernel.permissions import Permission
from tests.architecture.sources import PACKAGE, modules, shown, tree

_VERB = re.compile(r"[a-z_]+:[a-z_]+")
#: Where ``resource:action`` means something else than an act of the audit.
_NOT_ACTS = frozenset({PACKAGE / "kernel" / "permissions.py", PACKAGE / "domain" / "audit" / "verbs.py"})


def recorded() -> dict[str, str]:
    """Texts and permissions that are handed to ``record`` or to a function that hands them on, with a place."""
    found = {}
    for path in modules():
        if path in _NOT_ACTS:
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not _records(node.func):
                continue
            for value in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "verb")]:
                if verb := _verb(value):
                    found[verb] = f"{shown(path)}:{value.lineno}"
    return found


def _records(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.lstrip("_").startswith("record")


def _verb(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and _VERB.fullmatch(value.value):
        return value.value
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        kinds = {"Permission": Permission, "AuditVerb": AuditVerb}
        if value.value.id in kinds:
            return str(kinds[value.value.id][value.attr].value)
    return None


def test_every_act_that_is_recorded_has_its_word() -> None:
    missing = [f"{place}: {verb}" for verb, place in recorded().items() if verb not in set(AuditVerb)]
    assert not missing, "\n".join(missing)


def test_the_search_finds_acts_wherever_they_are_handed_on() -> None:
    assert {"poll:freeze", "role:grant", "ledger:fund", "project:create", "round:enter"} <= recorded().keys()


@pytest.mark.parametrize("verb", AuditVerb, ids=str)
def test_every_act_is_in_a_group(verb: AuditVerb) -> None:
    assert verb in verbs_of(verb.group)


def test_no_group_is_empty() -> None:
    assert all(verbs_of(group) for group in AuditGroup)
