"""Law 9 for the words behind the domain: every refusal has a sentence, every member of an enum that is shown a word."""

import ast
import importlib
import pkgutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cache

import pytest

import civicvote.domain
import civicvote.kernel
from civicvote.kernel.errors import Refusal
from civicvote.web.labels import LABELS
from civicvote.web.messages import SENTENCES
from tests.architecture.sources import PACKAGE, module_name, modules, shown, tree

#: Words for machines, officers of the command line, or for tests; no page shows a member.
NEVER_SHOWN = {
    "MarkOf": "what a mark is made of; marks are shown to nobody",
    "DifferenceCode": "the command line's own English sentences about recount bundles",
    "MergeSide": "pages say which proposal is the earlier one",
    "Fate": "the page says in whole sentences what goes",
    "Fault": "the command line's own English sentences about broken chains",
    "LinkPurpose": "each purpose has a page and a mail of its own",
    "MarkKind": "pages speak of channels, not of the marks they leave",
    "MediaType": "browsers read it; pages say picture or paper",
    "Permission": "a resource and an action; pages ask can()",
    "TieBreakKind": "parsed from the poll's tie-break text, which the outcome page quotes",
    "ProblemCode": "the command line's own English sentences about Pabulib files",
    "Section": "headings inside a Pabulib file",
    "Change": "becomes ins and del",
    "EditWindow": "decides whether an edit is kept in the history",
}
#: Words that need a whole sentence or an address around them stand in one file, which must name every member.
WORDS_ELSEWHERE = {
    "Begun": "templates/polls/show.html",
    "CaseEvent": "templates/casefile/_line.html",
    "MergeNews": "web/notices.py",
    "MergeState": "templates/proposals/merging.html",
    "FactorChange": "web/notices.py",
    "Deed": "templates/home/_front.html",
    "Kept": "web/retention_words.py",
    "Lack": "templates/rounds/manage.html",
    "Lasting": "web/retention_words.py",
    "News": "web/notices_following.py",
    "NextStep": "templates/proposals/_standing.html",
    "NotificationKind": "web/notices.py",
    "ThresholdOf": "templates/polls/_reasons.html",
    "Obstacle": "templates/polls/_obstacle.html",
    "PhaseStanding": "templates/macros/pictures.html",
    "Reason": "templates/polls/_reasons.html",
    "Reminder": "web/ballot_words.py",
    "SpeakingOrder": "templates/voices/desk.html",
    "Step": "templates/rounds/manage.html",
    "StepState": "templates/rounds/manage.html",
    "WhyNot": "templates/polls/_why_not.html",
}


@cache
def _import_everything() -> None:
    for package in (civicvote.domain, civicvote.kernel):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def _below(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _ours(kind: type) -> list[type]:
    _import_everything()
    return sorted(
        {child for child in _below(kind) if child.__module__.startswith(("civicvote.domain.", "civicvote.kernel."))},
        key=lambda child: (child.__module__, child.__name__),
    )


def _is_family(kind: type[Refusal]) -> bool:
    """A class that only holds others together, for whoever catches them all."""
    return "code" not in vars(kind) and bool(kind.__subclasses__())


def _refusals() -> list[type[Refusal]]:
    return [Refusal, *(kind for kind in _ours(Refusal) if not _is_family(kind))]


def test_every_refusal_has_a_code_of_its_own() -> None:
    without = [kind.__qualname__ for kind in _refusals() if "code" not in vars(kind)]
    assert not without, f"no code of their own: {without}"
    families = {kind.__name__ for kind in _ours(Refusal) if _is_family(kind)}
    raised = [f"{place} {name}" for place, name, _values in _made(families)]
    assert not raised, f"raised without saying which rule it is: {raised}"
    twice = [code for code, number in Counter(kind.code for kind in _refusals()).items() if number > 1]
    assert not twice, twice


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    codes = {kind.code: f"{kind.__module__}.{kind.__name__}" for kind in _refusals()}
    missing = [f"{codes[code]}: {code!r}" for code in codes.keys() - SENTENCES.keys()]
    assert not missing, "no sentence in web/messages.py:\n  " + "\n  ".join(sorted(missing))
    assert not SENTENCES.keys() - codes.keys(), "sentences that no refusal speaks"


def _placeholders(code: str) -> set[str]:
    return {part.split(")")[0] for part in str(SENTENCES[code]).split("%(")[1:]}


def _made(names: Collection[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Where one of these classes is called or raised, with the names of its values; ``**values`` are left out."""
    for path in modules():
        for node in ast.walk(tree(path)):
            made = node.exc if isinstance(node, ast.Raise) else node
            function = made.func if isinstance(made, ast.Call) else made if isinstance(node, ast.Raise) else None
            name = getattr(function, "id", getattr(function, "attr", None))
            keywords = made.keywords if isinstance(made, ast.Call) else []
            if name in names and all(keyword.arg for keyword in keywords):
                yield f"{shown(path)}:{node.lineno}", name, {str(keyword.arg) for keyword in keywords}


def _raised() -> Iterator[tuple[str, type[Refusal], set[str]]]:
    """Where refusals are made. Two classes of one name can't be told apart by the sources, so they are left out."""
    by_name = defaultdict(list)
    for kind in _refusals():
        by_name[kind.__name__].append(kind)
    plain = {name: kinds[0] for name, kinds in by_name.items() if len(kinds) == 1}
    for where, name, given in _made(plain):
        yield where, plain[name], given


def test_whoever_refuses_gives_the_values_that_the_sentence_names(app: object) -> None:
    """A sentence with a hole would be shown with its placeholder, or end in an error instead of an explanation."""
    with app.test_request_context():  # type: ignore[attr-defined]
        wrong = [
            f"{where} {kind.__name__} lacks {sorted(_placeholders(kind.code) - given)}"
            for where, kind, given in _raised()
            if _placeholders(kind.code) - given
        ]
    assert not wrong, "\n".join(wrong)


def test_refusals_are_found_where_they_are_made() -> None:
    assert len(list(_raised())) > 20


@pytest.mark.parametrize("kind", _ours(StrEnum), ids=lambda kind: kind.__name__)
def test_every_member_of_an_enum_has_a_word(kind: type[StrEnum]) -> None:
    if kind.__name__ in NEVER_SHOWN:
        assert kind not in LABELS, f"{kind.__name__} is shown after all: take it off the list"
        return
    if kind.__name__ in WORDS_ELSEWHERE:
        path = PACKAGE / WORDS_ELSEWHERE[kind.__name__]
        text = path.read_text()
        missing = [
            member.value
            for member in kind
            if f'"{member.value}"' not in text
            and f"'{member.value}'" not in text
            and f"{kind.__name__}.{member.name}" not in text
        ]
        # the last of them may be what {% else %} says
        assert len(missing) <= (1 if "{% else %}" in text or "{%- else %}" in text else 0), f"{shown(path)}: {missing}"
        return
    assert kind in LABELS, f"{kind.__module__}.{kind.__name__} has no words in web/labels.py"
    assert set(LABELS[kind]) == set(kind)


def test_the_lists_of_exceptions_name_enums_that_exist() -> None:
    assert not (NEVER_SHOWN.keys() | WORDS_ELSEWHERE.keys()) - {kind.__name__ for kind in _ours(StrEnum)}


def test_enums_live_below_the_web() -> None:
    """States, kinds and reasons belong to the domain; a page that invents one has a rule in the wrong storey."""
    wrong = [
        f"{module_name(path)}.{node.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases)
        and path.is_relative_to(PACKAGE / "blueprints")
    ]
    assert not wrong, wrong
