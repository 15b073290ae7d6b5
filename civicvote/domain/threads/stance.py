"""Where a comment stands towards what is discussed."""

from enum import StrEnum


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"
