"""Acts of the audit are words of one enum, each in a group that one can filter by."""

import ast

import pytest

from civicvote.domain.audit.verbs import AuditGroup, AuditVerb, verbs_of
from tests.architecture.sources import PACKAGE, modules, shown, tree

#: Where the same texts name a right.
_ELSEWHERE = frozenset({PACKAGE / "kernel" / "permissions.py", PACKAGE / "domain" / "audit" / "verbs.py"})


def spelled_out(module: ast.Module) -> list[str]:
    return [
        f"{node.lineno}: {node.value!r}"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in set(AuditVerb)
    ]


def test_no_act_is_spelled_out_outside_its_enum() -> None:
    """``record`` takes a member, so an act without a word in the enum does not pass mypy; a text could only be meant
    for something that compares."""
    wrong = [
        f"{shown(path)}:{found}" for path in modules() if path not in _ELSEWHERE for found in spelled_out(tree(path))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_search_sees_one() -> None:
    assert spelled_out(ast.parse("record(verb='role:grant', subject='person:1')")) == ["1: 'role:grant'"]


@pytest.mark.parametrize("verb", AuditVerb, ids=str)
def test_every_act_is_in_a_group(verb: AuditVerb) -> None:
    assert verb in verbs_of(verb.group)


def test_no_group_is_empty() -> None:
    assert all(verbs_of(group) for group in AuditGroup)
