"""What voices refuse."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class UnknownVoice(NotFound):
    code = "unknown_voice"


class VoiceTextUnusable(Invalid):
    """Fewer than ``least`` or more than ``limit`` characters."""

    code = "voice_text_unusable"


class InterestsNotDeclared(Invalid):
    """An expert says whether they have something at stake, one way or the other."""

    code = "interests_not_declared"
    field = "interests"


class VoiceEditedMeanwhile(Conflict):
    """The edit began from a version that is no longer the newest."""

    code = "voice_edited_meanwhile"


class VoiceWithdrawn(Conflict):
    """It is no longer upheld: nobody changes it any more."""

    code = "voice_withdrawn"


class WithdrawalReasonMissing(Invalid):
    """Readers are told why something is no longer upheld, in at most ``limit`` characters."""

    code = "withdrawal_reason_missing"
    field = "reason"
