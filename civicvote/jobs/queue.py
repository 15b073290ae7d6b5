"""Where jobs wait: a SQLite file in the instance folder, or Redis where a city runs several hosts."""

from huey import Huey, RedisHuey, SqliteHuey

from civicvote.config import Settings

_NAME = "civicvote"


def make_queue(settings: Settings) -> Huey:
    """The queue of these settings. Jobs carry no results: what they do is in the database."""
    if settings.redis_url:
        return RedisHuey(_NAME, url=settings.redis_url, results=False)
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(_NAME, filename=str(settings.instance_path / "jobs.db"), results=False)
