"""What a rule of keyholders, of the sealed box, of the count or of the end of voting refuses; for ``messages``."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SEALING_SENTENCES: dict[str, LazyString] = {
    "poll_not_extended": _l("The new time must be later than the one now, %(closes_at)s."),
    "poll_count_under_way": _l("The ballots are being counted already. It can be asked for again once that has ended."),
    "poll_count_broke_off": _l(
        "The count broke off before its end. Nothing of it was stored; the ballots lie in the box as before. "
        "Ask for it again, and tell whoever runs the server if it breaks off again."
    ),
    "poll_counts_do_not_add_up": _l(
        "The numbers do not add up: %(expected)s were expected, %(found)s found (%(what)s). Nothing is published."
    ),
    "poll_recount_differs": _l("The ballots or the outcome are not as they were counted. Nothing is published."),
    "keyholders_unusable": _l(
        "At least %(fewest)s keyholders must be needed together, and no more than there are. "
        "There can be at most %(most)s."
    ),
    "keyholder_twice": _l("%(address)s stands in the list twice. Each share needs a person of its own."),
    "keyholder_unknown": _l("No account has the address %(address)s. Ask the person to sign up first."),
    "not_keyholder": _l("You are no keyholder of this vote."),
    "no_keyholders": _l("This vote has no keyholders: its key lies in a file on the server."),
    "keyholder_second_factor_missing": _l(
        "For this, show a second factor: set one up under “My account”, sign in again and come back."
    ),
    "keyholder_passphrase_too_short": _l(
        "Use %(least)s to %(most)s characters. Several words that do not belong together are easy to remember."
    ),
    "poll_key_made": _l(
        "The key of this vote was made already, for the files that the keyholders hold. A new file would open nothing."
    ),
    "keyholders_not_ready": _l("%(waiting)s of the keyholders have not made their file yet."),
    "poll_key_not_made": _l("The key of this vote has not been made yet."),
    "poll_trial_missing": _l(
        "The keyholders must open the trial ballot before the rules can be fixed, each of them with their own file. "
        "Otherwise nobody would know whether the ballots can ever be opened."
    ),
    "poll_trial_code_wrong": _l(
        "This is not what the trial ballot says. Copy the whole line that “civicvote unseal” printed."
    ),
    "keyholders_needed": _l("It takes %(needed)s keyholders to open the ballots."),
    "keyholder_file_unusable": _l("File %(place)s is no keyholder's file of this vote."),
    "keyholder_passphrase_wrong": _l("The passphrase beside file %(place)s does not open it."),
    "too_few_shares": _l("These are the files of %(given)s keyholders; %(needed)s are needed."),
    "sealed_box_unusable": _l("This file is no sealed box, or a part of it is missing."),
    "ballots_file_unusable": _l(
        "This file does not hold the ballots of this vote's box, or it was changed. Nothing was counted."
    ),
}
