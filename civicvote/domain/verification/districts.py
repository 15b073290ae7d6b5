"""Districts of a region, by the names and administrative codes that lists of people use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_LENGTH = 10
#: How many digits of a code tell a province, a city or district, a town or dong; the rest of ten are zeros.
_LEVELS = (2, 5, 8, 10)


@dataclass(frozen=True, slots=True)
class Districts:
    """``code`` is the region's own, None where it has none. ``named``: what is known below it, name to code."""

    code: str | None
    named: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, text: str) -> str | None:
        """The code that ``text`` means: a name that is known, or ten digits that lie within the region."""
        if text in self.named:
            return self.named[text]
        if not (self.code and len(text) == _LENGTH and text.isascii() and text.isdigit()):
            return None
        return text if text.startswith(self._own_digits()) else None

    def _own_digits(self) -> str:
        assert self.code
        length = next(each for each in _LEVELS if not self.code[each:].strip("0"))
        return self.code[:length]
