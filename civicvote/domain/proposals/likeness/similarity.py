"""How alike two proposals are: by the things they speak of and by the pieces of words in title and sentence.

Every proposal has marks: each thing that ``wish_words`` knows, wherever it is named, and the tokens of title and
summary. A mark weighs more in the title, and less the more often it is repeated. What somebody asks for is compared as
search engines do (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009): a mark
that few proposals have counts more. Weights are whole numbers, so that both databases add up the same.
"""

import math
from collections import Counter
from collections.abc import Mapping

from civicvote.domain.proposals.likeness.wish_words import things_in
from civicvote.kernel.tokens import LONGEST_TOKEN, stem, tokens_of

#: The mark that every proposal has: how often it stands, so many proposals are there.
EVERY = ""
LONGEST_MARK = LONGEST_TOKEN + 1
#: So many marks of what somebody asks for are looked up, the heaviest first.
MOST_ASKED = 40
#: Of so many signs the marks are taken; what follows is rarely another wish.
_READ = {"title": 300, "summary": 600, "body": 8000}
_FIELD_WEIGHT = {"title": 2.0, "summary": 1.5, "body": 1.0}
_SATURATION, _LENGTH_SHARE, _USUAL_LENGTH = 1.5, 0.3, 52.0
#: As if so many other proposals stood there: in a young round, too, 횡단보도 says more than 우리.
_IMAGINED = 300
_THING, _PIECE = 2.0, 1.0
_UNIT = 100

#: Endings, particles and what every proposal says; they tell no wish from another.
_EVERYDAY_WORDS = """
니다 습니 세요 주세 합니 주십 십시 시오 시다 에서 해주 듭니 으로 아주 줍니 들이 만듭 을만 어주 들어 기를 립니
에게 마다 수있 엽니 합시 있습 만들 까지 지않 없습 다시 하는 민이 람이 장에 다주 있는 차가 입니 이없 게합 다한
이많 을지 가없 없어 갑니 많습 드립 를지 장을 길에 됩니 요합 를놓 는사 이가 를만 늘려 하게 않습 도를 이를 다마
치합 원해 하고 칩니 가르 에도 실을 이함 을놓 집에 는가 쓰는 도록 를엽 을모 지못 신이 인이 일에 문에 있게 가는
사는 둡니 다아 곳을 곳이 는어 주는 는지 게해 일하 를도 일을 르칩 간을 돕습 아가 없는 집니 못합 으면 좋겠 겠습
겠어 어요 해요 아요 네요 예요 에요 려주 려고 는데 인데 지만 니까 어서 아서 해서 하여 위해 위한 통해 대한 대해
우리 저희 제발 정말 너무 매우 많이 많은 부탁 건의 요청 제안 바랍 합시 필요 니요 설치 지원 확대 운영 조성 the and
for are with our this that there have please need would could should can not they them from near very a an in on
at to of is it we my no or by be as so
"""
_EVERYDAY = frozenset(stem(word) for word in _EVERYDAY_WORDS.split())


def marks_of(*, title: str, summary: str, body: str) -> dict[str, int]:
    """The marks of a proposal with their weights in hundredths, as they are stored."""
    counted = _counted(title, summary, body)
    length = sum(counted.values())
    slack = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / _USUAL_LENGTH)
    weights = {mark: round(_UNIT * n * (_SATURATION + 1) / (n + slack)) for mark, n in counted.items()}
    return {**weights, EVERY: 0}


def asked_marks(*, title: str, summary: str, body: str) -> dict[str, float]:
    """What somebody writes, as marks with the stress that lies on each, at most ``MOST_ASKED``."""
    counted = _counted(title, summary, body)
    stress = {mark: _kind(mark) * min(2.0, math.log1p(n)) for mark, n in counted.items()}
    heaviest = sorted(stress.items(), key=lambda each: (-each[1], each[0]))[:MOST_ASKED]
    return dict(heaviest)


def asked_weights(asked: Mapping[str, float], standing: Mapping[str, int], *, among: int) -> dict[str, int]:
    """Weights in hundredths: ``standing`` says how many of ``among`` proposals have the mark."""
    return {
        mark: round(_UNIT * stress * math.log((among + _IMAGINED) / (min(standing.get(mark, 0), among) + 1)))
        for mark, stress in asked.items()
    }


def likeness(points: int, weights: Mapping[str, int]) -> int:
    """``points`` (sum of stored times asked weights) in thousandths of what was asked for."""
    whole = sum(weights.values())
    return 1000 * points // (_UNIT * whole) if whole else 0


def _kind(mark: str) -> float:
    return _THING if mark.startswith("#") else _PIECE


def _counted(title: str, summary: str, body: str) -> Counter[str]:
    texts = {"title": title, "summary": summary, "body": body}
    counted: Counter[str] = Counter()
    for name, text in texts.items():
        weight, read = _FIELD_WEIGHT[name], text[: _READ[name]]
        for thing, n in things_in(read).items():
            counted[f"#{thing}"] += weight * n  # type: ignore[assignment]
        if name != "body":
            for token in tokens_of(read):
                if token not in _EVERYDAY:
                    counted[token] += weight  # type: ignore[assignment]
    return counted
