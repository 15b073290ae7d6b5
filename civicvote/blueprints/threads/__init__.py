"""Threads: pages and permalinks (``pages``), comments and replies (``writing``), ``drafts``, ``ratings``, ``news``."""

from civicvote.blueprints.threads import drafts, news, pages, ratings, writing
from civicvote.blueprints.threads.blueprint import thread_news, threads

__all__ = ["drafts", "news", "pages", "ratings", "thread_news", "threads", "writing"]
