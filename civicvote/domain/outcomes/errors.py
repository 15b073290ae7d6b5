"""What the simulator and the protocol refuse. Their words are in ``web.messages_outcomes``."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid


class BallotsNotPublished(Forbidden):
    """The poll keeps its ballots to observers, so only they may count them again."""

    code = "ballots_not_published"


class CountingBusy(Conflict):
    """So much is being counted for others at the moment that this reader should come back."""

    code = "counting_busy"


class TrialEnvelopeUnusable(Invalid):
    """The envelope to try lies outside what is counted here, in the currency's smallest unit."""

    code = "trial_envelope_unusable"
    field = "envelope"


class TrialNumberUnusable(Invalid):
    """Threshold, minimum support or places to try are out of range."""

    code = "trial_number_unusable"


class TrialWeightUnusable(Invalid):
    """An electorate's weight to try is none from 1 to 1000."""

    code = "trial_weight_unusable"


class TrialRuleUnusable(Invalid):
    """The rule does not count this kind of poll, or takes no weights while the poll has several electorates."""

    code = "trial_rule_unusable"
    field = "rule"


class TrialRivalsUnusable(Invalid):
    """Of two projects to exclude each other one is missing or unknown, or both are the same."""

    code = "trial_rivals_unusable"
    field = "rival"


class TrialTooLarge(Invalid):
    """With so many ballots Equal Shares would take more than ``runs`` runs, which nobody waits for."""

    code = "trial_too_large"
    field = "rule"


class SmallDistrictWithheld(Invalid):
    """A district with options of its own cast so few ballots that trials would tell what they say."""

    code = "small_district_withheld"
