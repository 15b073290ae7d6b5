"""What keyholders, their files and the sealed box refuse."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class KeyholdersUnusable(Invalid):
    """Not ``fewest`` ≤ needed ≤ keyholders ≤ ``most``."""

    code = "keyholders_unusable"
    field = "needed"


class KeyholderTwice(Invalid):
    """``address`` stands in the list twice."""

    code = "keyholder_twice"
    field = "addresses"


class KeyholderUnknown(Invalid):
    """No account has this ``address``."""

    code = "keyholder_unknown"
    field = "addresses"


class NotKeyholder(NotFound):
    """Whose page it is nobody else learns, nor whether there is one."""

    code = "not_keyholder"


class NoKeyholders(Conflict):
    """The poll's key lies in a file on the server; there is nobody to ask."""

    code = "no_keyholders"


class SecondFactorMissing(Conflict):
    """A keyholder's file is given out to a session that showed a second factor only."""

    code = "keyholder_second_factor_missing"


class PassphraseTooShort(Invalid):
    """Fewer than ``least`` characters, or more than ``most``."""

    code = "keyholder_passphrase_too_short"
    field = "passphrase"


class PollKeyMade(Conflict):
    """The poll's key was made for the files that the keyholders hold; a new file would hold nothing."""

    code = "poll_key_made"


class KeyholdersNotReady(Conflict):
    """``waiting`` of them have not made their file."""

    code = "keyholders_not_ready"


class PollKeyNotMade(Conflict):
    code = "poll_key_not_made"


class TrialMissing(Conflict):
    """The keyholders have not shown yet that they can open a ballot together."""

    code = "poll_trial_missing"


class TrialCodeWrong(Invalid):
    """This is not what the trial ballot says."""

    code = "poll_trial_code_wrong"
    field = "code"


class KeyholdersNeeded(Conflict):
    """It takes ``needed`` keyholders to open the ballots."""

    code = "keyholders_needed"


class KeyholderFileUnusable(Invalid):
    """File ``place`` (from 1) is no keyholder's file, or one of another poll."""

    code = "keyholder_file_unusable"


class PassphraseWrong(Invalid):
    """The passphrase beside file ``place`` (from 1) does not open it."""

    code = "keyholder_passphrase_wrong"


class TooFewShares(Invalid):
    """``given`` different keyholders of the ``needed``."""

    code = "too_few_shares"


class BoxUnusable(Invalid):
    """The file is no sealed box, or not all of one."""

    code = "sealed_box_unusable"


class BallotsFileUnusable(Invalid):
    """The file does not hold the ballots of this poll's box, or was changed."""

    code = "ballots_file_unusable"
    field = "ballots"
