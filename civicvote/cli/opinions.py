"""``civicvote opinion-map``: the map of a conversation as Polis publishes it, without a database;
``import-conversation`` takes one in as a closed question; ``opinions compute`` does the worker's part by hand."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click
import numpy as np
from flask.cli import with_appcontext

from civicvote.db import reading, unit_of_work
from civicvote.domain.opinions.components import Components
from civicvote.domain.opinions.consensus import ConsensusLists
from civicvote.domain.opinions.conversation import Conversation, ConversationUnreadable, Problem, read_conversation
from civicvote.domain.opinions.errors import ConversationAlreadyImported
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.opinion_map import NOWHERE, Described, compute_map, describe
from civicvote.domain.opinions.services_computing import compute_maps
from civicvote.domain.opinions.services_import import conversations_region, import_conversation
from civicvote.domain.regions.queries import UnknownRegion, region_scope
from civicvote.kernel import ids
from civicvote.web.settings import settings

_WARNINGS_SHOWN = 20
#: What the publisher asks to be told with the data of compdemocracy/openData.
_LICENCE = (
    "Data was gathered using the Polis software (see compdemocracy.org/polis and github.com/compdemocracy/polis) and "
    "is sub-licensed under CC BY 4.0 with attribution to The Computational Democracy Project."
)


@click.command("opinion-map")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--groups",
    type=click.Choice(["computed", "published"]),
    default="computed",
    show_default=True,
    help="computed: by k-means, whether or not the site would show them; published: the group-id of the file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lists.")
def opinion_map_command(folder: Path, groups: str, as_json: bool) -> None:
    """Compute the opinion map of the conversation in DIR (comments.csv with votes.csv or participants-votes.csv).

    Moderation is ignored: every statement counts. What is wrong with the files goes to standard error, by line.
    Exit status: 0 computed, 1 nothing could be computed, 2 wrong use.
    """
    conversation = read_or_refuse(folder)
    matrix = matrix_of(conversation)
    found = compute_map(matrix)
    names = [str(number) for number in range(found.grouping.k)] if found.grouping else []
    described = found.described
    if groups == "published":
        if not conversation.groups:
            refuse(f"{folder}: no groups were published; there is no group-id in participants-votes.csv")
        names, described = _published(conversation, matrix)
    result = outcome(matrix, found.components, names, described, found.consensus)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        texts = {statement.id: statement.text for statement in conversation.statements}
        click.echo("\n".join(_visible(line) for line in _lists(result, texts)))


def read_or_refuse(folder: Path) -> Conversation:
    """The conversation, its warnings told; ends the command where there is none."""
    try:
        conversation = read_conversation(folder)
    except ConversationUnreadable as error:
        _report(folder, list(error.problems))
        raise click.exceptions.Exit(1) from error
    except OSError as error:
        refuse(f"{folder}: {error.strerror}")
    _report(folder, list(conversation.warnings))
    return conversation


def refuse(text: str) -> NoReturn:
    """Say why nothing was done, and end with status 1."""
    click.echo(_visible(text), err=True)
    raise click.exceptions.Exit(1)


def matrix_of(conversation: Conversation) -> VoteMatrix:
    """The matrix with a row for everybody and a column for every statement, also where nobody voted."""
    return VoteMatrix.of(
        conversation.votes,
        participants=conversation.participants,
        statements=[statement.id for statement in conversation.statements],
    )


def _published(conversation: Conversation, matrix: VoteMatrix) -> tuple[list[str], Described]:
    numbers = sorted(set(conversation.groups.values()))
    place = {number: index for index, number in enumerate(numbers)}
    members = [
        place[conversation.groups[each]] if each in conversation.groups else NOWHERE for each in matrix.participants
    ]
    return [str(number) for number in numbers], describe(matrix, np.array(members, np.int64))


def outcome(
    matrix: VoteMatrix, components: Components, names: list[str], described: Described, consensus: ConsensusLists
) -> dict[str, Any]:
    """What ``--json`` prints: statements by their ids, lists over statements in the order of ``statement_ids``."""
    ids = matrix.statements
    return {
        "statement_ids": list(ids),
        "mean": components.means.tolist(),
        "components": components.loadings.tolist(),
        "groups": dict(zip(names, described.sizes, strict=True)),
        "group_informed_consensus": described.informed.tolist(),
        "representative": {
            name: [
                {
                    "statement": ids[each.place],
                    "side": each.side.value,
                    "n_success": each.n_success,
                    "n_trials": each.n_trials,
                    "p": each.p,
                    "r": each.r,
                }
                for each in listed
            ]
            for name, listed in zip(names, described.representative, strict=True)
        },
        "consensus": {
            "agree": [ids[place] for place in consensus.agree],
            "disagree": [ids[place] for place in consensus.disagree],
        },
    }


def _lists(result: dict[str, Any], texts: dict[int, str]) -> Iterator[str]:
    def line(statement: int) -> str:
        return f"  {statement:>5}  {texts.get(statement, '')}"

    yield f"{len(result['statement_ids'])} statements"
    for side, words in (("agree", "everybody agrees with"), ("disagree", "everybody disagrees with")):
        yield from ["", f"{words}:", *(line(each) for each in result["consensus"][side])]
    for name, size in result["groups"].items():
        yield from ["", f"group {name}, {size} people:"]
        for each in result["representative"][name]:
            share = f"{each['n_success']} of {each['n_trials']} {each['side']}"
            yield f"{line(each['statement'])}  ({share})"


def _report(folder: Path, problems: list[Problem]) -> None:
    for problem in problems[:_WARNINGS_SHOWN]:
        click.echo(_visible(f"{folder}: {problem}"), err=True)
    if (more := len(problems) - _WARNINGS_SHOWN) > 0:
        click.echo(f"{folder}: and {more} more", err=True)


def _visible(line: str) -> str:
    """A file's own text may hold line separators or sequences that command a terminal."""
    return "".join(character if character.isprintable() else " " for character in line)


@click.group("opinions")
def opinions_command() -> None:
    """Opinion questions of this site."""


@opinions_command.command("compute")
@with_appcontext
def compute_command() -> None:
    """Close questions whose time is over and compute the maps of those that changed. Safe to run at any time."""
    for done in compute_maps(reading=reading, unit=unit_of_work):
        groups = "groups shown" if done.is_passed else "no groups"
        click.echo(f"question {ids.encode(done.question_id)}: {done.people} people placed, {groups}")


@click.command("import-conversation")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--region", help="The region's part of the address; by default a region for imported conversations.")
@click.option("--title", help="What the question is called; by default the name of the folder.")
@with_appcontext
def import_conversation_command(folder: Path, region: str | None, title: str | None) -> None:
    """Import the conversation in DIR (as Polis publishes it) as a closed opinion question and print its address.

    Participants come along by number and are nobody's accounts; statements that its moderators refused stay out of
    sight. Exit status: 0 imported, 1 nothing was stored, 2 wrong use.
    """
    conversation = read_or_refuse(folder)
    if title:
        conversation = replace(conversation, name=title)
    try:
        with unit_of_work():
            place = region_scope(region) if region else conversations_region()
            question = import_conversation(
                region_id=place.id,
                slug=place.slug,
                conversation=conversation,
                source=f"{_LICENCE}\n\n{folder.resolve().name}",
            )
            address = _address(place.slug, ids.encode(question.id))
            figures = (question.participant_count, question.statement_count, question.vote_count)
    except UnknownRegion:
        refuse(f"{region}: there is no such region; load the regions first (civicvote load-regions)")
    except ConversationAlreadyImported as error:
        refuse(f"{folder}: imported already, see {_address(str(error.params['slug']), str(error.params['key']))}")
    click.echo("{:,} people, {:,} statements, {:,} votes".format(*figures))
    click.echo(address)


def _address(slug: str, key: str) -> str:
    return f"{settings().public_url or 'http://127.0.0.1:5000'}/regions/{slug}/opinions/{key}"
