"""The sentences behind refusals of verification: identities, rules, clashes, guardians, lists, letters, rolls."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

RESIDENCY_SENTENCES: dict[str, LazyString] = {
    # verification
    "birth_date_unreadable": _l("Check the birth date. The year has four digits, for example 1950-03-07."),
    "legal_name_missing": _l("Write the name as it stands in official papers."),
    "residency_class_not_admitted": _l("By this region's rule, this does not make somebody a resident."),
    "account_closed": _l("This account was closed."),
    "self_declaration_not_enough": _l("For this, the region asks for more than your own word."),
    "already_confirmed": _l("You are confirmed already. A clerk at the desk corrects wrong names and dates."),
    "months_unusable": _l("Enter from 1 to %(most)s months, or leave it empty."),
    "ages_unusable": _l("Enter an age from %(youngest)s to %(oldest)s."),
    "unknown_rule": _l("There is no such rule."),
    "unknown_clash": _l("There is no such case."),
    "clash_already_decided": _l("Somebody has decided this meanwhile."),
    "own_clash": _l("One of these accounts is yours. Somebody else has to decide."),
    "clash_reason_missing": _l("Give the reason. Both people will read it."),
    "namesake_impossible": _l("An identity service gave the same identifier for both, so it is one person."),
    "earlier_account_may_vote": _l(
        "The earlier account stands on the roll of the vote “%(poll)s”. Wait until it is closed, "
        "or this person could vote twice."
    ),
    "no_minor": _l("No confirmed resident below %(age)s has this address. Confirm the residency first."),
    "consent_not_standing": _l("There is no consent that stands."),
    "guardian_missing": _l("Fill this in."),
    # lists of people, letters, rolls
    "reading_reason_missing": _l("Say why you use these people's data. The audit keeps the reason."),
    "list_not_text": _l("This file can't be read as text. Save the table as “CSV UTF-8” and choose that file."),
    "list_is_workbook": _l(
        "This is a spreadsheet file. Open it, save the table as “CSV UTF-8”, and choose the file that this makes."
    ),
    "list_empty": _l("There is nobody in this list: below the heads of the columns it needs a row for each person."),
    "list_column_missing": _l("The list has no column “%(column)s”. Its name must stand in the first row."),
    "list_column_twice": _l("The list has two columns “%(column)s”. Delete the one that is not meant."),
    "list_has_number_column": _l(
        "One column is headed as resident registration numbers. Nothing was read. Delete that column, save, try again."
    ),
    "list_broken": _l("A quotation mark on line %(line)s is not closed, so what follows can't be told apart."),
    "list_too_long": _l("A list has at most %(limit)s people. Divide it into several files."),
    "letters_refuse_rows": _l(
        "No letter was made, because of rows that can't be used (%(refused)s). See below which and why."
    ),
    "letter_days_unusable": _l("Letters are valid for %(shortest)s to %(longest)s days."),
    "unknown_letter_batch": _l("There are no such letters."),
    "letters_not_withdrawable": _l("All letters of this batch are used or withdrawn already."),
    "letter_not_matched": _l(
        "Letter number, code, name and birth date don't belong together. Check each sign of the letter, and write your "
        "name and birth date as they stand in official papers. After five wrong tries a letter is worth nothing."
    ),
    "letter_used": _l("This letter was used on %(used_at)s. Each letter works once."),
    "letter_expired": _l("This letter was valid until %(expires_at)s. Ask your region for a new one."),
    "letter_withdrawn": _l("This letter was withdrawn by your region. Ask there for a new one."),
    "letter_tries_spent": _l(
        "This letter was tried %(tries)s times with something wrong, so it is worth nothing now. Ask for a new one."
    ),
    "roll_without_rows": _l("Not one row of this list can be used, so nothing was stored. See below which and why."),
    "unknown_roll_upload": _l("There is no such list."),
    "roll_not_withdrawable": _l("All rows of this list are used or withdrawn already."),
    "roll_not_matched": _l(
        "Your name, your birth date and the mail address of your account do not stand together on a list of this "
        "region. A letter or the region's desk is the other way."
    ),
}
