"""``docs/access.md`` says what the access table says."""

from flask import Flask

from civicvote.cli.doors import access_table
from civicvote.kernel.permissions import Role
from civicvote.web.access_table import ACCESS
from tests.architecture.sources import ROOT

DOCUMENT = ROOT / "docs" / "access.md"


def test_the_document_is_what_the_table_makes(app: Flask) -> None:
    assert DOCUMENT.read_text() == access_table(app), "run: civicvote access-table > docs/access.md"


def test_every_endpoint_has_one_line_with_a_cell_for_each_role(app: Flask) -> None:
    lines = [line for line in access_table(app).splitlines() if line.startswith("| `")]
    assert len(lines) == len(ACCESS)
    cells = {line.count(" |") for line in lines}
    assert cells == {3 + 2 + len(Role) + 1}
