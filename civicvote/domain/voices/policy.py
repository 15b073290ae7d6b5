"""Who speaks as what, and who may change what was said."""

from typing import Protocol

from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel.actor import Actor, NotPermitted, can, require
from civicvote.kernel.permissions import ROLE_PERMISSIONS, Permission, Role

PERMISSION_OF: dict[VoiceKind, Permission] = {
    VoiceKind.OFFICIAL_ANSWER: Permission.VOICE_ANSWER,
    VoiceKind.SUMMARY: Permission.VOICE_SUMMARISE,
    VoiceKind.EXPERT_OPINION: Permission.VOICE_OPINE,
    VoiceKind.BUDGET_INFORMATION: Permission.VOICE_BUDGET,
}


class Said(Protocol):
    """A voice, as far as it decides who may change it."""

    @property
    def region_id(self) -> int: ...
    @property
    def kind(self) -> VoiceKind: ...
    @property
    def is_mayors(self) -> bool: ...
    @property
    def author_id(self) -> int: ...


def speakable(actor: Actor | None, region_id: int) -> list[VoiceKind]:
    """As what the actor may speak in the region."""
    return [kind for kind, permission in PERMISSION_OF.items() if can(actor, permission, region_id)]


def may_change(actor: Actor | None, said: Said) -> bool:
    """Whether the actor may edit what was said, or uphold it no longer: whoever may speak so, of what an expert said
    its author alone."""
    return (
        actor is not None
        and can(actor, _permission(said.kind, said.is_mayors), said.region_id)
        and (not said.kind.is_personal or actor.person_id == said.author_id)
    )


def _permission(kind: VoiceKind, is_mayors: bool) -> Permission:
    return Permission.VOICE_MAYOR if is_mayors else PERMISSION_OF[kind]


def require_voice(actor: Actor, kind: VoiceKind, region_id: int, *, is_mayors: bool = False) -> Role:
    """The role in which the actor speaks so in the region; ``is_mayors``: in the mayor's name.

    Raises ``NotPermitted``."""
    permission = _permission(kind, is_mayors)
    require(actor, permission, region_id)
    held = actor.roles_in(region_id)
    return next(role for role in Role if role in held and permission in ROLE_PERMISSIONS[role])


def require_change(actor: Actor, said: Said) -> Role:
    """The role in which the actor may change what was said. Raises ``NotPermitted``."""
    role = require_voice(actor, said.kind, said.region_id, is_mayors=said.is_mayors)
    if not may_change(actor, said):
        raise NotPermitted(permission=PERMISSION_OF[said.kind])
    return role
