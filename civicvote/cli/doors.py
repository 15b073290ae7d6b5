"""``civicvote access-table``: the doors as a table for people, made from the table that opens them."""

from collections.abc import Iterator
from dataclasses import fields

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.routing import Rule

from civicvote.kernel.permissions import ROLE_PERMISSIONS, Role
from civicvote.web.access_table import ACCESS
from civicvote.web.audiences import Access, Audience

_HEAD = """\
# Who may reach what

Made by `civicvote access-table > docs/access.md`; a test compares. The source is `civicvote/web/access_table.py`, which
`civicvote/web/access.py` asks before any view runs. An endpoint that does not stand there is shut.

A dot means: the door opens. What somebody finds behind it (only what is their own, only in the right phase) the
services decide. Roles count in the region of the address only. `visitor` is not signed in; `person` is signed in
without a role. An address with `/en` before it is the same door in English. HEAD and OPTIONS go with GET.
"""

_AUDIENCE_WORDS = {
    Audience.EVERYBODY: "everybody",
    Audience.VISITORS: "who is not signed in",
    Audience.SIGNED_IN: "who is signed in",
    Audience.DEMO: "in a demonstration only",
}
_ROLE_WORDS = {Role.BUDGET_ENTRY: "entry", Role.BUDGET_APPROVAL: "approval", Role.REPRESENTATIVE: "institution"}


def _opens(access: Access, role: Role | None) -> bool:
    """Whether a signed-in person with this role (or with none) gets in."""
    match access.audience:
        case Audience.EVERYBODY | Audience.SIGNED_IN:
            return True
        case Audience.VISITORS | Audience.DEMO:
            return False
        case Audience.PERMITTED:
            return role is not None and bool(ROLE_PERMISSIONS[role] & set(access.permissions))


def _who(access: Access) -> str:
    if access.audience is Audience.PERMITTED:
        return "`" + "`, `".join(access.permissions) + "`"
    return _AUDIENCE_WORDS[access.audience]


def _conditions(access: Access) -> str:
    """The further words of the entry: what is asked besides, and the exceptions that it is allowed."""
    told = []
    for each in fields(access):
        value = getattr(access, each.name)
        if each.name not in {"audience", "permissions"} and value not in {None, False, ()}:
            name = each.name.replace("_", " ")
            if isinstance(value, tuple):
                value = "second factor for `" + "`, `".join(value) + "`"
            told.append(
                name if value is True else f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}"
            )
    return ", ".join(told)


def _line(endpoint: str, rules: list[Rule], access: Access) -> str:
    requests = "<br>".join(
        f"{' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} `{rule.rule}`" for rule in rules
    )
    anonymous = access.audience in {Audience.EVERYBODY, Audience.VISITORS}
    marks = [anonymous, _opens(access, None), *(_opens(access, role) for role in Role)]
    cells = [f"`{endpoint}`", requests, _who(access), *("●" if mark else "" for mark in marks), _conditions(access)]
    return f"| {' | '.join(cells)} |"


def access_table(app: Flask) -> str:
    """The whole table in Markdown: one line an endpoint, by area."""
    return "\n".join(_lines(app)) + "\n"


def _lines(app: Flask) -> Iterator[str]:
    by_endpoint: dict[str, list[Rule]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        by_endpoint.setdefault(rule.endpoint, []).append(rule)
    columns = ["Endpoint", "Requests", "For", "visitor", "person"]
    columns += [_ROLE_WORDS.get(role, role.value) for role in Role]
    columns += ["Besides"]
    yield _HEAD.rstrip("\n")
    area = ""
    for endpoint in sorted(ACCESS):
        if endpoint.split(".")[0] != area:
            area = endpoint.split(".")[0]
            yield f"\n## {area}\n\n| {' | '.join(columns)} |\n|{' --- |' * 3}{' :-: |' * (len(Role) + 2)} --- |"
        yield _line(endpoint, by_endpoint.get(endpoint, []), ACCESS[endpoint])


@click.command("access-table")
@with_appcontext
def access_table_command() -> None:
    """Print who may reach what, as it stands in docs/access.md."""
    click.echo(access_table(current_app), nl=False)
