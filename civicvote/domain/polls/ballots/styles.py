"""Ballot styles: which options a voter is offered where everybody votes on those of the own district and of none.

A style is the district's code, and is declared before opening by there being options of that district. Who lives
anywhere else has the empty style, so that no ballot says more of its voter than the poll needs.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from civicvote.domain.polls.ballots.shape import BallotShape


class _Placed(Protocol):
    @property
    def district_code(self) -> str | None: ...


_Option = TypeVar("_Option", bound=_Placed)


def styles_of(shape: BallotShape, options: Sequence[_Placed]) -> tuple[str, ...]:
    """The styles of a poll beside the empty one, in ascending order."""
    if not shape.own_district_only:
        return ()
    return tuple(sorted({option.district_code for option in options if option.district_code}))


def style_of(shape: BallotShape, options: Sequence[_Placed], district_code: str | None) -> str:
    """The style for somebody who lives in this district."""
    return district_code if district_code is not None and district_code in styles_of(shape, options) else ""


def offered(shape: BallotShape, options: Sequence[_Option], style: str) -> tuple[_Option, ...]:
    """What stands on a ballot of this style, in the printed order."""
    return tuple(
        option for option in options if not shape.own_district_only or option.district_code in (None, "", style)
    )
