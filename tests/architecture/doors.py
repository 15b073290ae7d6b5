"""Every address of the site as requests that can be tried: one for each endpoint, rule and method."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from civicvote.kernel.permissions import ROLE_PERMISSIONS, Role
from civicvote.web.audiences import Access, Audience

#: Answers before there is a region; anything that is no id of an existing thing gives 404 behind an open door.
ABSENT = 1


@dataclass(frozen=True, slots=True)
class Door:
    endpoint: str
    method: str
    address: str

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def doors(app: Flask, known: dict[str, object], methods: frozenset[str]) -> list[Door]:
    """A request for each rule and method, with the ``known`` arguments; ids that are not known name nothing."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in rules(app):
            values = {name: known.get(name, ABSENT if name.endswith("_id") else "x") for name in rule.arguments}
            found += [
                Door(rule.endpoint, method, adapter.build(rule.endpoint, values, method))
                for method in sorted(methods & (rule.methods or set()))
            ]
    return found


def is_admitted(access: Access, visitor: str) -> bool:
    """Whether the table opens the door to a visitor: ``anonymous``, the name of a role, or anybody else by any name."""
    match access.audience:
        case Audience.EVERYBODY:
            return True
        case Audience.DEMO:
            return False
        case Audience.VISITORS:
            return visitor == "anonymous"
        case Audience.SIGNED_IN:
            return visitor != "anonymous"
        case Audience.PERMITTED:
            return visitor in set(Role) and bool(ROLE_PERMISSIONS[Role(visitor)] & set(access.permissions))
