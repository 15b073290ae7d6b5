"""What an entry of the index must hold, as an expression, and how each database is asked for it.

Tokens come from ``kernel.tokens`` (letters and digits only), so nothing in them can be an operator; they are quoted
nevertheless.
"""

from dataclasses import dataclass

from civicvote.domain.findable.kinds import FindableKind


@dataclass(frozen=True, slots=True)
class Holds:
    """A token; ``in_title`` wants it there, ``begins`` is content with a longer one that begins with it."""

    token: str
    in_title: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Wanted", ...]


Wanted = Holds | Every | Some


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; None is everywhere."""

    region_id: int | None = None
    round_id: int | None = None
    kind: FindableKind | None = None

    def marks(self) -> list[str]:
        """The tokens that the triggers of the index write for an entry of this scope."""
        marks = [f"r{self.region_id}"] if self.region_id is not None else []
        marks += [f"d{self.round_id}"] if self.round_id is not None else []
        return marks + ([f"k{self.kind.value}"] if self.kind is not None else [])


def in_title(wanted: Wanted) -> Wanted:
    """The same, of titles."""
    if isinstance(wanted, Holds):
        return Holds(wanted.token, in_title=True, begins=wanted.begins)
    return type(wanted)(tuple(in_title(part) for part in wanted.parts))


def fts5_query(wanted: Wanted, scope: Scope) -> str:
    """For SQLite's FTS5 with the columns title, body and scope."""
    parts = [f'scope : "{mark}"' for mark in scope.marks()]
    return " AND ".join([*parts, _fts5(wanted)])


def _fts5(wanted: Wanted) -> str:
    if isinstance(wanted, Holds):
        return f'{"title" if wanted.in_title else "body"} : "{wanted.token}"{" *" if wanted.begins else ""}'
    between = " AND " if isinstance(wanted, Every) else " OR "
    return f"({between.join(_fts5(part) for part in wanted.parts)})"


def tsquery(wanted: Wanted, scope: Scope) -> str:
    """For PostgreSQL: lexemes of titles begin with ^, those of the scope with /."""
    parts = [f"'/{mark}'" for mark in scope.marks()]
    return " & ".join([*parts, _tsquery(wanted)])


def _tsquery(wanted: Wanted) -> str:
    if isinstance(wanted, Holds):
        return f"'{'^' if wanted.in_title else ''}{wanted.token}'{':*' if wanted.begins else ''}"
    between = " & " if isinstance(wanted, Every) else " | "
    return f"({between.join(_tsquery(part) for part in wanted.parts)})"
