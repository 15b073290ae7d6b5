"""What the retention table means, for the public: what it is, from when its time counts, and why that long."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicvote.domain.retention.periods import Kept, Lasting


@dataclass(frozen=True, slots=True)
class LineWords:
    """``since``: the moment from which the period counts."""

    what: LazyString
    since: LazyString
    why: LazyString


KEPT_WORDS: dict[Kept, LineWords] = {
    Kept.MAILS: LineWords(
        _l("Mails we sent: address and contents"),
        _l("after sending"),
        _l("Long enough to find out why a mail did not arrive."),
    ),
    Kept.SESSIONS: LineWords(
        _l("Sign-ins: device and time"),
        _l("after signing out or running out"),
        _l("Long enough for you to notice a sign-in that was not yours."),
    ),
    Kept.SIGN_UPS: LineWords(
        _l("What was typed when signing up: name and sealed password"),
        _l("when the mailed link was used or ran out"),
        _l("It only waits for your click. Without it there is no account."),
    ),
    Kept.LINKS: LineWords(
        _l("Links we mailed: address and purpose"),
        _l("after they ran out"),
        _l("Long enough to tell you that a link is too old."),
    ),
    Kept.MESSAGES: LineWords(
        _l("Messages on your page"),
        _l("after they were written"),
        _l("One round of the budget, so that you can look back."),
    ),
    Kept.RECOVERY_CODES: LineWords(
        _l("Recovery codes that were used"),
        _l("after use"),
        _l("Long enough to notice that somebody else used one."),
    ),
    Kept.UNFINISHED_AUTHENTICATORS: LineWords(
        _l("Code apps whose setting-up was never finished"),
        _l("after it was begun"),
        _l("Nobody can sign in with them."),
    ),
    Kept.LETTERS: LineWords(
        _l("Letters with a code: the mark of the addressee, the district"),
        _l("after the code ran out"),
        _l("Long enough to settle a complaint about a letter. That a letter was sent stays as a number."),
    ),
    Kept.ROLLS: LineWords(
        _l("Lists of residents that were handed in: one mark a person, no name"),
        _l("after the list was handed in"),
        _l(
            "Lists get old; the next round asks for a new one. What nobody has claimed goes at once when a list is "
            "withdrawn."
        ),
    ),
    Kept.CLASH_CLAIMS: LineWords(
        _l("What a second account with the same identity said about itself"),
        _l("when it is decided"),
        _l("Only the decision needs it."),
    ),
    Kept.CLASHES: LineWords(
        _l("Decisions about two accounts with one identity"),
        _l("after the decision"),
        _l("Long enough to object to it."),
    ),
    Kept.GUARDIANS: LineWords(
        _l("Consents of guardians: name and relation"),
        _l("when the young person comes of age or the consent is withdrawn"),
        _l("Until then it is what lets the young person take part."),
    ),
    Kept.BIRTH_DATES: LineWords(
        _l("Birth dates; they are kept of young people only"),
        _l("on the 19th birthday"),
        _l("They say from when somebody may vote. Of everybody else only the year is kept."),
    ),
    Kept.EVIDENCE: LineWords(
        _l("What a clerk saw when confirming a residency (“driving licence”)"),
        _l("after the confirmation"),
        _l("Long enough for an inspection to ask about it."),
    ),
    Kept.CAST_RECORDS: LineWords(
        _l("By what a repeated request to cast a ballot is recognised"),
        _l("after the vote was closed"),
        _l("A ballot that was sent twice by a bad connection must count once."),
    ),
    Kept.CAST_TRACES: LineWords(
        _l("Coded marks of the networks and devices from which ballots came, with the minute, without the voter"),
        _l("after the vote was closed; their key is destroyed when the outcome is published"),
        _l("Observers must be able to ask why many ballots came from one place, until objections are settled."),
    ),
    Kept.IDENTITY_MARKS: LineWords(
        _l("Marks of identity of accounts that were closed"),
        _l("after closing, and after the last vote in whose roll the account stood"),
        _l("So that nobody votes twice by closing an account and opening another."),
    ),
    Kept.PROPOSAL_DRAFTS: LineWords(
        _l("Drafts of proposals that were never submitted, with their files"),
        _l("after the last save; at once when you discard or submit them"),
        _l("The next round may be half a year away. Until then only you can see them."),
    ),
    Kept.CO_AUTHOR_INVITATIONS: LineWords(
        _l("Invitations to sign a proposal together: the mail address"),
        _l("after the invitation; at once when it is accepted or taken back; a declined one stays"),
        _l("Long enough to open an account and answer."),
    ),
    Kept.COMMENT_DRAFTS: LineWords(
        _l("Comments that were begun and not posted"),
        _l("after they were last kept; at once when they are posted, emptied, or the account is closed"),
        _l("Somebody who comes back to a discussion finds what they had begun to write. Nobody else sees it."),
    ),
    Kept.BALLOT_DRAFTS: LineWords(
        _l("Ballots that were begun and not cast, sealed so that only the same session reads them"),
        _l("when the session ends; at once when the ballot is cast, the vote closes, or the person signs out"),
        _l("Somebody who is interrupted finds what they had chosen. Nobody else can read it, nor can this server."),
    ),
    Kept.UPLOADS: LineWords(
        _l("Pictures and papers that nothing uses"),
        _l("after sending; at once when they were taken away"),
        _l("Somebody who goes on writing the next morning finds them still there."),
    ),
    Kept.OPINION_PARTICIPANTS: LineWords(
        _l("Who gave which answers to an opinion question"),
        _l("after the question was closed; at once when you close your account"),
        _l("Until then you see your own place in the map. The answers stay without anybody’s name."),
    ),
    Kept.PROPOSAL_IMPORTS: LineWords(
        _l("Tables of proposals that a clerk brought from a round table, with the rows that were left out"),
        _l("after the table was checked"),
        _l("Long enough to correct the rows that were left out. What was taken in stands on its own page."),
    ),
    Kept.DESTRUCTIONS: LineWords(
        _l("The log of these destructions, which holds numbers only"),
        _l("after the entry"),
        _l("Long enough to show an inspection that this page is true."),
    ),
}


@dataclass(frozen=True, slots=True)
class LastingWords:
    what: LazyString
    why: LazyString


LASTING_WORDS: dict[Lasting, LastingWords] = {
    Lasting.ACCOUNT: LastingWords(
        _l("Your account: address, name, sealed password, second factors"),
        _l(
            "As long as you have it. Close it, and all of this goes; what you wrote in public stays under a name that "
            "tells nothing."
        ),
    ),
    Lasting.RESIDENCY: LastingWords(
        _l("That you are a resident, how it was confirmed, your year of birth and district"),
        _l(
            "As long as you have the account. The identity itself is never stored, only a mark that can't be turned "
            "back into a name."
        ),
    ),
    Lasting.ROLES: LastingWords(
        _l("Who holds which role"),
        _l("As long as the role is held; who gave and took it stays in the audit."),
    ),
    Lasting.PUBLIC_ACTS: LastingWords(
        _l("Proposals, comments and endorsements"),
        _l(
            "They are acts in public, and others answered them. After closing the account they stand under a name that "
            "tells nothing."
        ),
    ),
    Lasting.MODERATION: LastingWords(
        _l("Reports and the moderators' decisions"),
        _l("Whoever was hidden may ask why, later too. The public log names nobody."),
    ),
    Lasting.VOTES: LastingWords(
        _l("Who stood on the roll of a vote and took part, and the sealed ballots"),
        _l(
            "Votes must be checkable afterwards: receipts are hashes of the sealed ballots. What was sealed is deleted "
            "when the outcome is published, so nobody can read a person's choice from it; the receipts stay."
        ),
    ),
    Lasting.MONEY: LastingWords(
        _l("Payments, with who entered and who approved them"),
        _l("Public money is accounted for."),
    ),
    Lasting.FILES: LastingWords(
        _l("Pictures of proposals and evidence of payments"),
        _l(
            "As long as the proposal or the payment stands. They are made anew when they are sent, so they hold no "
            "place and no device."
        ),
    ),
    Lasting.AUDIT: LastingWords(
        _l("What officers did, in the audit"),
        _l(
            "It is a chain of which no link can be taken out. It names accounts by number; when an account is closed, "
            "nothing tells any more who it was."
        ),
    ),
}


def period_words(period: timedelta) -> str:
    """How long: 30 days, 1 year; at once for none."""
    if not period:
        return _("at once")
    years, days = divmod(period.days, 365)
    if years and not days:
        return ngettext("%(num)s year", "%(num)s years", years)
    return ngettext("%(num)s day", "%(num)s days", period.days)
