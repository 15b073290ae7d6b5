"""From an envelope back to the ballot within, the same on the server and on the keyholders' own machine."""

from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.box import sealed_ballot, sealing
from civicvote.domain.polls.box.sealed_ballot import SealedBallot
from civicvote.domain.polls.errors import SealBroken
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.tally.ballot_rules import BrokenBallotRule


def open_envelope(opener: sealing.Opener, rules: FrozenRules, sealed: bytes, receipt: str) -> SealedBallot:
    """The ballot, found to keep the poll's rules. Raises ``SealBroken``, which names the receipt.

    One that does not open stops the count: leaving it out would be a way to leave out ballots."""
    if sealing.receipt_of(sealed) != receipt:
        raise SealBroken(receipt=receipt)
    try:
        ballot = sealed_ballot.read(opener.unseal(sealed))
        sealed_ballot.require_keeps(rules, ballot)
    except (sealing.Unopenable, UnreadableBallot, BrokenBallotRule) as error:
        raise SealBroken(receipt=receipt) from error
    return ballot
