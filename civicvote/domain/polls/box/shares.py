"""A poll's private key in shares, so that any ``needed`` of the keyholders open the ballots and fewer learn nothing.

Shamir's scheme as SLIP-39 fixes it, by its authors' reference library: a share is a line of 33 English words with a
checksum of its own, and a digest inside tells shares that belong together from shares that do not.
Shamir, "How to share a secret", CACM 22 (1979) 612–613.
"""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

MOST_KEYHOLDERS = 9
FEWEST_NEEDED = 2
"""One share that opens everything would be a key file under another name."""


class SharesDoNotFit(Exception):
    """Too few shares, shares of different keys, or no shares at all."""


def split(private_key: str, *, needed: int, holders: int) -> list[str]:
    """``private_key``: 32 bytes, hex. As many shares as there are holders.

    ``ValueError`` unless ``FEWEST_NEEDED`` ≤ needed ≤ holders ≤ ``MOST_KEYHOLDERS``."""
    if not FEWEST_NEEDED <= needed <= holders <= MOST_KEYHOLDERS:
        raise ValueError("this many shares of this many holders are none of ours")
    made: list[list[str]] = generate_mnemonics(1, [(needed, holders)], bytes.fromhex(private_key))
    return made[0]


def join(shares: Sequence[str], *, needed: int) -> str:
    """The private key, hex. More shares than are needed do no harm. Raises ``SharesDoNotFit``."""
    try:
        secret: bytes = combine_mnemonics(sorted(set(shares))[:needed])
    except MnemonicError as error:
        raise SharesDoNotFit from error
    return secret.hex()
