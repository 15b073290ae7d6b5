"""``benchmarks/SEARCH.md``."""

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.search.evaluation import FIRST, Answer, mean_recall, queries_of
from benchmarks.search.run import CROWD, SEARCH, SETS, Plan, Result

LEAST_RECALL = 0.9
MOST_TIMES = 3.0
_SET_WORDS = {"held_out": "held out (never tuned on)", "tuning": "tuning"}


def report(results: Sequence[Result], plan: Plan) -> str:
    counts = {name: len(queries_of(name)) for name in SETS}
    lines = [
        "# Search",
        "",
        f"`python -m benchmarks.search`: {plan.proposals:,} invented proposals, and 175 texts with queries",
        f"whose answers are known ({counts['held_out']} held out, written before the search was built, and",
        f"{counts['tuning']} to tune with; [search/README.md](search/README.md)).",
        "",
        f"## Recall at {FIRST}",
        "",
        f"How many of the expected texts stand among the first {FIRST}; at least {LEAST_RECALL}. *Apart*: the",
        "texts in a region of their own, the crowd in another region of the same database. *Among*: the texts within",
        "the crowd, for the queries that no text of the crowd answers as well (decided by the crowd's words alone,",
        "`search/rivals.py`).",
        "",
        "| Database | Set | Apart | Queries | Among | Queries |",
        "|---|---|---|---|---|---|",
    ]
    for each in results:
        lines += [
            f"| {each.version} | {_SET_WORDS[name]} | {mean_recall(each.apart[name]):.3f} | {len(each.apart[name])} "
            f"| {mean_recall(each.among[name]):.3f} | {len(each.among[name])} |"
            for name in SETS
        ]
    lines += ["", *_by_trait(results), "", *_times(results, plan), ""]
    return "\n".join(lines)


def _by_trait(results: Sequence[Result]) -> list[str]:
    lines = [
        "By what is hard about the query, both sets, apart:",
        "",
        "| What | Queries | " + " | ".join(each.system for each in results) + " |",
    ]
    lines.append("|---|---|" + "---|" * len(results))
    grouped: dict[str, list[list[Answer]]] = defaultdict(lambda: [[] for _ in results])
    for column, each in enumerate(results):
        for name in SETS:
            for answer in each.apart[name]:
                grouped[answer.query.trait][column].append(answer)
    for trait, columns in grouped.items():
        shares = " | ".join(f"{mean_recall(column):.3f}" for column in columns)
        lines.append(f"| {trait} | {len(columns[0])} | {shares} |")
    return lines


def _times(results: Sequence[Result], plan: Plan) -> list[str]:
    lines = [
        "## Time",
        "",
        "Whole pages of the application, fetched in turn in one process by nobody signed in, in milliseconds. The page",
        "by primary key is a comment's, a region's or a proposal's own, whichever is the fastest: the strictest",
        f"reading. p95 of the search may be at most {MOST_TIMES:.0f} times its p95. *{SEARCH}*: the queries of both",
        f"sets in the region with {plan.proposals:,} proposals. *{CROWD}*: words that stand in thousands of its",
        "titles.",
        "",
        "| Database | Page | p50 | p95 | p95 against the page by primary key |",
        "|---|---|---|---|---|",
    ]
    for each in results:
        for kind, times in each.times.items():
            against = f"{times.at_95 / each.times[each.fastest_page].at_95:.2f} ×"
            mark = " (the fastest)" if kind == each.fastest_page else ""
            lines.append(f"| {each.system} | {kind}{mark} | {times.median:.1f} | {times.at_95:.1f} | {against} |")
    return lines


def complaints(result: Result) -> list[str]:
    """What does not hold."""
    found = [
        f"{result.system}: recall {where} of {name} is {mean_recall(given[name]):.3f}"
        for where, given in (("apart", result.apart), ("among", result.among))
        for name in SETS
        if mean_recall(given[name]) < LEAST_RECALL
    ]
    page = result.times[result.fastest_page]
    found += [
        f"{result.system}: {kind} takes {result.times[kind].at_95 / page.at_95:.2f} pages at p95"
        for kind in (SEARCH, CROWD)
        if result.times[kind].at_95 > MOST_TIMES * page.at_95
    ]
    return found
