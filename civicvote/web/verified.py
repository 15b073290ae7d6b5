"""What a person reads right after a letter, a roll or a provider said who they are."""

from typing import Any

from flask import flash

from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Verification
from civicvote.web.notices import notice


def flash_verification(verification: Verification, region: RegionScope) -> None:
    """Say on the next page what became of the claim, in the words of the message that was sent about it."""
    params: dict[str, Any] = {"region_ko": region.name_ko, "region_en": region.name_en}
    if not verification.is_confirmed:
        flash(notice(NotificationKind.IDENTITY_CLASH, params), "warning")
    elif verification.excluded_as:
        params["group"] = verification.excluded_as.value
        flash(notice(NotificationKind.RESIDENCY_EXCLUDED, params), "warning")
    else:
        flash(notice(NotificationKind.RESIDENCY_CONFIRMED, params), "success")
