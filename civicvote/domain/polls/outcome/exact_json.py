"""Frozen dataclasses of exact values as JSON and back, by the hints of their fields.

Whole numbers stay numbers, fractions are texts such as "7/2", members of enums their values, tuples lists. Where a
field may hold one of several dataclasses, the object says which by ``kind``; :class:`Codec` is given the names.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from civicvote.domain.polls.ballots.choices import points_from_json, points_json

_KIND = "kind"


class Codec:
    """``kinds``: name in JSON to dataclass, for the fields that hold one of these."""

    def __init__(self, kinds: Mapping[str, type[Any]]) -> None:
        self._kinds = dict(kinds)
        self._names = {kind: name for name, kind in kinds.items()}

    def write(self, value: Any) -> Any:
        """As JSON holds it, with ``kind`` wherever the dataclass has a name."""
        if isinstance(value, Fraction):
            return points_json(value)
        if isinstance(value, StrEnum):
            return value.value
        if isinstance(value, tuple):
            return [self.write(item) for item in value]
        if isinstance(value, Mapping):
            return {key: self.write(item) for key, item in value.items()}
        if is_dataclass(value):
            named = {_KIND: self._names[type(value)]} if type(value) in self._names else {}
            return named | {field.name: self.write(getattr(value, field.name)) for field in fields(value)}
        return value

    def read(self, hint: Any, value: Any) -> Any:
        """What ``write`` wrote of a value of this hint."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return self._read_union(arguments, value)
        if origin is tuple:
            return tuple(self.read(arguments[0], item) for item in value)
        if origin is not None and issubclass(origin, Mapping):
            return {key: self.read(arguments[1], item) for key, item in value.items()}
        if is_dataclass(hint):
            hints, kind = get_type_hints(hint), cast(type[Any], hint)
            return kind(**{field.name: self.read(hints[field.name], value[field.name]) for field in fields(hint)})
        if hint is Fraction:
            return Fraction(value)
        return hint(value) if issubclass(hint, StrEnum) else value

    def _read_union(self, arguments: tuple[Any, ...], value: Any) -> Any:
        if value is None:
            return None
        wanted = [argument for argument in arguments if argument is not NoneType]
        if len(wanted) == 1:
            return self.read(wanted[0], value)
        return self.read(self._kinds[value[_KIND]], value) if isinstance(value, dict) else points_from_json(value)
