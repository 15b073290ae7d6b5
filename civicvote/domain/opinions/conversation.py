"""Reads a conversation as Polis publishes it: a folder with comments.csv and votes.csv or participants-votes.csv.

agree +1, disagree -1, pass 0, blank unseen. ``votes.csv`` keeps votes that were replaced: the last by its time holds.
``participants-votes.csv`` has a row for each participant, with the group that was published, and is read where both
are there. What can't be read is said by file and line.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

COMMENTS, VOTES, MATRIX = "comments.csv", "votes.csv", "participants-votes.csv"
#: The largest conversations that were published have about 20 MB of votes.
LARGEST_FILE = 256 * 1024 * 1024
#: The map is computed on a dense matrix: so many cells take a minute and two gigabytes.
MOST_CELLS = 60_000_000
_LONGEST_CELL = 100_000
_LARGEST_NUMBER = 2**62
_VOTES = {"1": 1, "1.0": 1, "-1": -1, "-1.0": -1, "0": 0, "0.0": 0, "-0.0": 0}


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class ConversationUnreadable(Exception):
    """Nothing usable; ``problems`` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Statement:
    """``moderated``: 1 accepted, 0 not looked at, -1 refused."""

    id: int
    text: str
    moderated: int
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """``statements``: with a column or a vote; ``votes``: (participant, statement, vote), the last of each pair;
    ``groups``: participant → published group, empty where none was; ``warnings``: lines that were left out."""

    name: str
    statements: tuple[Statement, ...]
    participants: tuple[int, ...]
    votes: tuple[tuple[int, int, int], ...]
    groups: Mapping[int, int]
    warnings: Sequence[Problem] = field(default=())


def read_conversation(folder: Path) -> Conversation:
    """Read the folder. Raises ``ConversationUnreadable`` and ``OSError``."""
    warnings: list[Problem] = []
    if not (folder / COMMENTS).is_file():
        raise ConversationUnreadable(Problem(COMMENTS, 0, "there is no such file in the folder"))
    texts = _read_comments(folder / COMMENTS, warnings)
    groups: dict[int, int] = {}
    if (folder / MATRIX).is_file():
        votes, participants, asked = _read_matrix(folder / MATRIX, groups, warnings)
    elif (folder / VOTES).is_file():
        votes = _read_votes(folder / VOTES, warnings)
        participants = {participant for participant, _ in votes}
        asked = set(texts) | {statement for _, statement in votes}
    else:
        raise ConversationUnreadable(Problem(VOTES, 0, f"there is neither this file nor {MATRIX} in the folder"))
    if not votes:
        raise ConversationUnreadable(
            Problem(
                VOTES,
                0,
                "there is no vote in it",
            )
        )
    if len(participants) * len(asked) > MOST_CELLS:
        size = f"{len(participants):,} people × {len(asked):,} statements"
        raise ConversationUnreadable(Problem(VOTES, 0, f"too large: {size}, at most {MOST_CELLS:,} cells"))
    missing = sorted(asked - set(texts))
    warnings.extend(Problem(COMMENTS, 0, f"statement {each} has votes but no text") for each in missing)
    return Conversation(
        name=folder.resolve().name,
        statements=tuple(texts.get(each) or Statement(each, "", 1, None) for each in sorted(asked)),
        participants=tuple(sorted(participants)),
        votes=tuple((participant, statement, vote) for (participant, statement), vote in sorted(votes.items())),
        groups=groups,
        warnings=tuple(warnings),
    )


class _Table:
    """A CSV file with a head: BOM, quotes and line breaks in cells are understood; short rows are told."""

    def __init__(self, path: Path, needed: Sequence[str]) -> None:
        self.name = path.name
        if path.stat().st_size > LARGEST_FILE:
            raise self.refused(0, f"larger than {LARGEST_FILE // 2**20} MB")
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.refused(0, f"not UTF-8 from byte {error.start} on") from error
        csv.field_size_limit(_LONGEST_CELL)
        self.rows = csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""))
        self.head = [name.strip().lower() for name in next(self._read(), [])]
        missing = [name for name in needed if name not in self.head]
        if missing:
            raise self.refused(1, f"there is no column {', '.join(missing)}")

    def refused(self, line: int, text: str) -> ConversationUnreadable:
        return ConversationUnreadable(Problem(self.name, line, text))

    def _read(self) -> Iterator[list[str]]:
        try:
            yield from self.rows
        except csv.Error as error:
            raise self.refused(self.rows.line_num, f"not readable as CSV: {error}") from error

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in self._read():
            if any(cell.strip() for cell in row):
                cells = row + [""] * (len(self.head) - len(row))
                yield self.rows.line_num, dict(zip(self.head, cells, strict=False))


def _read_comments(path: Path, warnings: list[Problem]) -> dict[int, Statement]:
    found: dict[int, Statement] = {}
    for line, row in _Table(path, ("comment-id", "comment-body")):
        number = _number(row["comment-id"])
        if number is None:
            warnings.append(Problem(path.name, line, f"comment-id {row['comment-id']!r} is no number"))
        elif number in found:
            warnings.append(Problem(path.name, line, f"statement {number} stands further up already"))
        else:
            moderated = row.get("moderated", "1").strip()
            found[number] = Statement(
                number, row["comment-body"], -1 if moderated == "-1" else 0 if moderated == "0" else 1, _moment(row)
            )
    return found


def _read_votes(path: Path, warnings: list[Problem]) -> dict[tuple[int, int], int]:
    last: dict[tuple[int, int], tuple[int, int]] = {}
    for line, row in _Table(path, ("timestamp", "comment-id", "voter-id", "vote")):
        voter, statement, at = (_number(row[name]) for name in ("voter-id", "comment-id", "timestamp"))
        vote = _VOTES.get(row["vote"].strip())
        if voter is None or statement is None or at is None or vote is None:
            warnings.append(Problem(path.name, line, "the line has no voter, statement, time or vote that can be read"))
            continue
        before = last.get((voter, statement))
        if before is None or at >= before[0]:  # of two in the same millisecond the later line holds
            last[voter, statement] = at, vote
    return {pair: vote for pair, (_, vote) in last.items()}


def _read_matrix(
    path: Path, groups: dict[int, int], warnings: list[Problem]
) -> tuple[dict[tuple[int, int], int], set[int], set[int]]:
    table = _Table(path, ("participant",))
    columns = {name: int(name) for name in table.head if _number(name) is not None}
    if not columns:
        raise table.refused(1, "no column is the number of a statement")
    votes: dict[tuple[int, int], int] = {}
    participants: set[int] = set()
    for line, row in table:
        participant = _number(row["participant"])
        if participant is None or participant in participants:
            why = "is no number" if participant is None else "stands further up already"
            warnings.append(Problem(path.name, line, f"participant {row['participant']!r} {why}"))
            continue
        participants.add(participant)
        group = _number(row.get("group-id", "").removesuffix(".0"))
        if group is not None:
            groups[participant] = group
        for name, statement in columns.items():
            cell = row[name].strip()
            if not cell:
                continue
            vote = _VOTES.get(cell)
            if vote is None:
                warnings.append(Problem(path.name, line, f"{cell[:20]!r} is no vote on statement {statement}"))
            else:
                votes[participant, statement] = vote
    return votes, participants, set(columns.values())


def _number(text: str) -> int | None:
    text = text.strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    return int(text) if int(text) < _LARGEST_NUMBER else None


def _moment(row: Mapping[str, str]) -> datetime | None:
    """Milliseconds since 1970, if they are a moment at all."""
    milliseconds = _number(row.get("timestamp", ""))
    try:
        return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
