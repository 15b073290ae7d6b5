"""The audit for observers (``entries``) and its heads for everybody (``heads``); lists with personal data
(``exports``)."""

from civicvote.blueprints.audit import entries, exports, heads
from civicvote.blueprints.audit.blueprint import audit

__all__ = ["audit", "entries", "exports", "heads"]
