"""Verification of residency: one natural person, one account in a region."""

from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.kernel.actor import Actor


def verify_residency(*, region: RegionScope, person_id: int, claim: Claim, actor: Actor | None) -> Verification:
    """Confirm the person's residency as the claim says, or raise a clash where another account carries the identity.

    ``actor`` is the clerk who decided, or None where nobody did (provider, letter, roll)."""
    raise NotImplementedError
