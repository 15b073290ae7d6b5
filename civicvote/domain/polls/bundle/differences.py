"""What is wrong with a recount bundle, or differs when it is counted again: a code and an English sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DifferenceCode(StrEnum):
    PART_MISSING = "part_missing"
    PART_CHANGED = "part_changed"
    PART_UNLISTED = "part_unlisted"
    MANIFEST_HASH = "manifest_hash"
    RULES_HASH = "rules_hash"
    BALLOT_UNREADABLE = "ballot_unreadable"
    BALLOT_AGAINST_RULES = "ballot_against_rules"
    BALLOTS_NUMBER = "ballots_number"
    ELECTORATE_UNKNOWN = "electorate_unknown"
    FILE_DISAGREES = "file_disagrees"
    FILE_NOT_WRITTEN_SO = "file_not_written_so"
    RECEIPTS_NUMBER = "receipts_number"
    RECEIPTS_ROOT = "receipts_root"
    OUTCOME = "outcome"


MESSAGES: Mapping[DifferenceCode, str] = {
    DifferenceCode.PART_MISSING: "%(part)s is listed in the manifest and not in the bundle",
    DifferenceCode.PART_CHANGED: "%(part)s is not what the manifest says: its SHA-256 is %(found)s",
    DifferenceCode.PART_UNLISTED: "%(part)s is in the bundle and not in the manifest",
    DifferenceCode.MANIFEST_HASH: "the manifest is another one than expected: its SHA-256 is %(found)s",
    DifferenceCode.RULES_HASH: "the rules are not those that the poll was fixed with: their SHA-256 is %(found)s",
    DifferenceCode.BALLOT_UNREADABLE: "%(part)s: %(what)s",
    DifferenceCode.BALLOT_AGAINST_RULES: "%(part)s: %(number)s ballots break the poll's rules (%(code)s)",
    DifferenceCode.BALLOTS_NUMBER: "%(part)s has %(found)s ballots, the manifest says %(stated)s",
    DifferenceCode.ELECTORATE_UNKNOWN: "%(part)s is said to be of %(electorate)s, which the rules do not know",
    DifferenceCode.FILE_DISAGREES: "%(part)s says another %(what)s than the rules",
    DifferenceCode.FILE_NOT_WRITTEN_SO: "%(part)s is not the file that its ballots, the rules and this count give",
    DifferenceCode.RECEIPTS_NUMBER: "there are %(receipts)s receipts for %(ballots)s ballots",
    DifferenceCode.RECEIPTS_ROOT: "the list of receipts has another Merkle root than was published: %(found)s",
    DifferenceCode.OUTCOME: "the count gives another %(what)s than was published",
}


@dataclass(frozen=True, slots=True)
class Difference:
    code: DifferenceCode
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return MESSAGES[self.code] % self.params
