"""``SIMILAR.md``."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.similar.corpus import HELD_OUT, TUNING
from benchmarks.similar.cost import MOST_TIMES, Cost, at_95
from benchmarks.similar.recall import FIRST, Recall

_PARTS = {HELD_OUT: "held out", TUNING: "looked at while tuning"}
_LANGUAGES = {
    "ko-ko": "Korean, Korean",
    "en-en": "English, English",
    "en-ko": "English, Korean (reported, not judged)",
}


@dataclass(frozen=True, slots=True)
class Result:
    """Recalls by (part, languages), among the ``corpus`` proposals alone and among all."""

    system: str
    version: str
    small: dict[tuple[str, str], Recall]
    large: dict[tuple[str, str], Recall]
    corpus: int
    cost: Cost

    @property
    def judged(self) -> dict[str, Recall]:
        """What must reach 0.85: pairs in one language, in each part."""
        return {
            part: _together([self.small[(part, "ko-ko")], self.small[(part, "en-en")]]) for part in (HELD_OUT, TUNING)
        }


def report(results: Sequence[Result], proposals: int) -> str:
    lines = [
        "# Similar proposals",
        "",
        "`python -m benchmarks.similar` measures and writes this page; `make bench` runs it.",
        "",
        "Sixty pairs: what somebody writes, and an earlier proposal that says the same in other words (other spacing,",
        "particles, words of every day, longer or shorter), among 301 proposals on neighbouring topics. All were",
        "stored in a commit of their own before there was anything to tune; even pairs are held out. The thesaurus",
        "(`domain/proposals/likeness/wish_words.py`) was written from what residents propose about, by the hand that",
        "wrote the pairs: words that stood only in held-out pairs were struck from it, but its author had read them.",
        "Without the thesaurus, character 2- and 3-grams alone (tf-idf, cosine) found 22 and 17 of the 25 Korean",
        "pairs.",
        "",
        f"## Recall at {FIRST}",
        "",
        f"| Database | Pairs | Languages | Among {results[0].corpus} | On top "
        f"| Among {proposals:,} | On top | Missed |",
        "|---|---|---|--:|--:|--:|--:|---|",
    ]
    for result in results:
        for (part, languages), small in result.small.items():
            large = result.large[(part, languages)]
            lines.append(
                f"| {result.system} | {_PARTS[part]} | {_LANGUAGES[languages]} | {_share(small)} | {small.first} "
                f"| {_share(large)} | {large.first} | {', '.join(large.missed) or '–'} |"
            )
    lines += [
        "",
        "The large corpus puts titles, sentences and texts of the 301 others together anew, so it holds many texts",
        "that really are as similar as the one that counts; a pair that falls out of the first five there is no",
        "error by itself.",
        "",
        f"## Cost at {proposals:,} proposals",
        "",
        "A suggestion is the whole request that the form sends after a pause; the page by primary key is a proposal's",
        "page, read by the same person, in turn in the same process, without a network between.",
        "",
        f"| Database | Suggestion, median | p95 | Page, median | p95 | Times (at most {MOST_TIMES:g}) | Times at p95 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        cost = result.cost
        lines.append(
            f"| {result.version} | {statistics.median(cost.suggestion):.1f} ms | {at_95(cost.suggestion):.1f} ms "
            f"| {statistics.median(cost.page):.1f} ms | {at_95(cost.page):.1f} ms | {cost.times:.2f} "
            f"| {cost.times_at_95:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _share(recall: Recall) -> str:
    return f"{recall.found}/{recall.asked}"


def _together(recalls: Sequence[Recall]) -> Recall:
    return Recall(
        asked=sum(each.asked for each in recalls),
        found=sum(each.found for each in recalls),
        first=sum(each.first for each in recalls),
        missed=tuple(name for each in recalls for name in each.missed),
    )
