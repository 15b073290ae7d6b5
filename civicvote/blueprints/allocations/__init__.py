"""Public money for everybody (``pages``), for officers (``desk``), and what officers do with it (``moving``,
``deciding``)."""

from civicvote.blueprints.allocations import deciding, desk, moving, pages
from civicvote.blueprints.allocations.blueprint import allocations

__all__ = ["allocations", "deciding", "desk", "moving", "pages"]
