"""Which queries the crowd of invented proposals answers as well as the corpus does, so that nobody could say which of
them ought to come first. Decided by the crowd's words alone, without the search."""

from functools import cache

from benchmarks.search.evaluation import Query
from civicvote.cli import seed_texts
from civicvote.cli.seed_texts import TOPICS


def rivalled(query: Query) -> bool:
    """Whether some topic of the crowd, at some place, holds the beginning of every word of the query."""
    beginnings = [word[:2] for word in query.text.split()]
    return any(all(beginning in text for beginning in beginnings) for text in _texts())


@cache
def _texts() -> tuple[str, ...]:
    """Each topic with all it may be combined with."""
    places = " ".join((*seed_texts._PLACE_NAMES, *seed_texts._PLACE_KINDS, *seed_texts._DETAILS))
    return tuple(" ".join((topic.title, topic.summary, topic.problem, topic.remedy, places)) for topic in TOPICS)
