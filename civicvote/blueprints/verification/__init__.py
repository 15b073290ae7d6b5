"""Who counts as a resident: what residents read (``resident``), desks (``desk``, ``guardians``), rules, clashes."""

from civicvote.blueprints.verification import clashes, desk, guardians, resident, rules
from civicvote.blueprints.verification.blueprint import verification

__all__ = ["clashes", "desk", "guardians", "resident", "rules", "verification"]
