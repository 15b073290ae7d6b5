"""What of a text is looked up: Hangul as pairs of syllables, Latin words by their stem, numbers as they stand.

Pairs find a word whatever stands behind it (공원, 공원을, 근린공원에서) without knowing Korean; they are made across
spaces too, so that 무단투기 finds 무단 투기. Tokens hold letters and digits only.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import local

import snowballstemmer

#: Longer words are cut: nobody looks for the rest, and PostgreSQL refuses lexemes above 2 KB.
LONGEST_TOKEN = 40

_RUNS = re.compile(r"[\uac00-\ud7a3]+|[a-z]+|[0-9]+|[^\W_a-z0-9\uac00-\ud7a3]+")
_STRAY_JAMO = re.compile(r"[\u1100-\u11ff\u3131-\u318e]+")
#: A word of one syllable with one of these behind it (책을, 앞에) is found by the syllable alone, too.
_SHORT_PARTICLES = frozenset("을를이가은는에의도로와과만")

#: The initial consonants in the order of the code points; ㄴ and ㄹ are mixed up as often as hard and plain ones.
_PLAIN_INITIALS = "ㄱㄱㄹㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅈㄱㄷㅂㅎ"

_stemmers = local()


def folded(text: str) -> str:
    """NFKC, lower case, without jamo that stand alone (공ㅇ원, ㅋㅋ)."""
    return _STRAY_JAMO.sub("", unicodedata.normalize("NFKC", text)).lower()


def runs_of(text: str) -> list[str]:
    """The folded text cut where the script changes: 「CCTV가 24시간」 gives cctv, 가, 24, 시간."""
    return _RUNS.findall(folded(text))


def is_hangul(run: str) -> bool:
    return "\uac00" <= run[0] <= "\ud7a3"


def pairs_of(word: str) -> list[str]:
    """횡단보도 gives 횡단, 단보, 보도; a single syllable gives itself."""
    return [word[start : start + 2] for start in range(len(word) - 1)] or [word]


def tokens_of(text: str) -> list[str]:
    """The tokens of ``text`` in reading order, with repetitions; at least one for each word."""
    return list(_tokens(folded(text)))


def _tokens(text: str) -> Iterator[str]:
    last, end = "", 0
    for found in _RUNS.finditer(text):
        run = found.group()
        if not is_hangul(run):
            last = ""
            yield stem(run)
            continue
        if last and text[end : found.start()] == " ":
            yield last + run[0]
        if len(run) == 1 or (len(run) == 2 and run[1] in _SHORT_PARTICLES):
            yield run[0]
        if len(run) > 1:
            yield from pairs_of(run)
        last, end = run[-1], found.end()


def sounds_of(word: str) -> list[str]:
    """The first sounds of each three syllables of a Hangul word, hard and breathed ones made plain: 쓰레기 and 쓰래기
    give ㅅㄹㄱ, 주차장 and 주자장 ㅈㅈㅈ. By them a mistyped word finds the right one."""
    plain = "".join(_PLAIN_INITIALS[(ord(syllable) - 0xAC00) // 588] for syllable in word)
    return [plain[start : start + 3] for start in range(len(plain) - 2)]


def indexed_tokens(text: str) -> list[str]:
    """What an index keeps of ``text``: each of its tokens and the sounds of its words once."""
    sounds = (sound for run in runs_of(text) if is_hangul(run) for sound in sounds_of(run))
    return list(dict.fromkeys((*tokens_of(text), *sounds)))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """crossings and crossing give cross; what is no English stays as it is, cut to ``LONGEST_TOKEN`` characters."""
    word = word[:LONGEST_TOKEN]
    if not word.isascii() or word.isdigit():
        return word
    stemmer = getattr(_stemmers, "english", None)  # it keeps the word it works on, so each thread has its own
    if stemmer is None:
        stemmer = _stemmers.english = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))
