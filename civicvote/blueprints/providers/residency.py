"""What a provider's word about a residency leads to, and how the person is told."""

import structlog
from flask import flash
from flask_babel import gettext as _

from civicvote.domain.accounts.providers import ProvidedIdentity
from civicvote.domain.regions.queries import region_scope
from civicvote.domain.verification.services_provided import verify_provided
from civicvote.kernel.errors import Refusal
from civicvote.web.messages import sentence
from civicvote.web.settings import settings
from civicvote.web.verified import flash_verification

log = structlog.get_logger("civicvote.openid")


def confirm_residency(person_id: int, identity: ProvidedIdentity) -> None:
    """Confirm it where the provider says where the person belongs. A refusal is told; the sign-in stands."""
    if identity.residency is None:
        return
    try:
        verification = verify_provided(person_id=person_id, residency=identity.residency, keys=settings().key_ring)
    except Refusal as refusal:
        log.warning("residency not confirmed", provider=identity.provider, refusal=refusal.code)
        why = sentence(refusal)
        flash(_("You are signed in, but your residency could not be confirmed here: %(why)s", why=why), "warning")
        return
    if verification is not None:
        flash_verification(verification, region_scope(identity.residency.region_slug))
