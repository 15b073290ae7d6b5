"""What is told beside an outcome: how much of their wish voters got, and who paid for what."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key
from civicvote.kernel.voting import CountingRule


class OutcomeInsight(Base):
    """One for each rule under which the ballots were counted; ``insight`` as ``outcomes.insight_format`` writes it."""

    __tablename__ = "outcome_insights"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id", "rule"], ["outcomes.region_id", "outcomes.poll_id", "outcomes.rule"]
        ),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    rule: Mapped[CountingRule] = mapped_column(primary_key=True)
    insight: Mapped[dict[str, Any]]
