"""How a poll is counted beyond the name of the rule: laid down with the draft, frozen with the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.kernel.voting import Completion, Satisfaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingChoice:
    """``satisfaction``, ``completion``, ``increment_amount``, ``most_runs`` and ``compares_with_greedy``: Equal Shares
    only. Amounts in the currency's smallest unit. ``support_divisor``, ``incompatible`` and ``compares_with_greedy`` as
    in ``tally.parameters``. ``envelopes``: the amount of each district or field; what they leave of the poll's envelope
    is for options of no listed one."""

    satisfaction: Satisfaction = Satisfaction.COST
    completion: Completion = Completion.ADD1U
    increment_amount: int = 1
    most_runs: int = 10_000
    support_divisor: int | None = None
    incompatible: tuple[tuple[str, ...], ...] = ()
    envelopes_by: EnvelopesBy | None = None
    envelopes: Mapping[str, int] = field(default_factory=dict)
    compares_with_greedy: bool = False


def write(choice: CountingChoice) -> dict[str, Any]:
    """As JSON holds it; every value spelled out, so that a later default changes no poll. ``compares_with_greedy``
    stands there where it is asked for only: the texts of polls that knew no such choice stay as they were."""
    return {
        "satisfaction": choice.satisfaction.value,
        "completion": choice.completion.value,
        "increment_amount": choice.increment_amount,
        "most_runs": choice.most_runs,
        "support_divisor": choice.support_divisor,
        "incompatible": [list(group) for group in choice.incompatible],
        "envelopes_by": choice.envelopes_by and choice.envelopes_by.value,
        "envelopes": dict(choice.envelopes),
    } | ({"compares_with_greedy": True} if choice.compares_with_greedy else {})


def read(stored: Mapping[str, Any]) -> CountingChoice:
    """What ``write`` wrote; an empty object, as polls from before it have it, is the defaults."""
    values = dict(stored)
    if not values:
        return CountingChoice()
    by = values["envelopes_by"]
    return CountingChoice(
        **values
        | {
            "satisfaction": Satisfaction(values["satisfaction"]),
            "completion": Completion(values["completion"]),
            "incompatible": tuple(tuple(group) for group in values["incompatible"]),
            "envelopes_by": EnvelopesBy(by) if by else None,
        }
    )
