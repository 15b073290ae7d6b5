"""The sentences behind the domain's refusal codes. A test holds that every ``Refusal`` class has one."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.kernel.errors import Refusal
from civicvote.kernel.money import Money
from civicvote.web.filters import money_words, when
from civicvote.web.labels import LABELS, label
from civicvote.web.messages_ballots import BALLOT_SENTENCES
from civicvote.web.messages_counting import COUNTING_SENTENCES
from civicvote.web.messages_importing import IMPORT_SENTENCES
from civicvote.web.messages_merging import MERGING_SENTENCES
from civicvote.web.messages_monitor import MONITOR_SENTENCES
from civicvote.web.messages_opinions import OPINION_SENTENCES
from civicvote.web.messages_outcomes import OUTCOME_SENTENCES
from civicvote.web.messages_residency import RESIDENCY_SENTENCES
from civicvote.web.messages_sealing import SEALING_SENTENCES
from civicvote.web.messages_voices import VOICE_SENTENCES

SENTENCES: dict[str, LazyString] = {
    "refused": _l("This can't be done."),
    "invalid": _l("Something in the form is not right."),
    "forbidden": _l("You may not do this."),
    "not_found": _l("There is nothing here."),
    "conflict": _l("Somebody changed this meanwhile. Load the page again and look."),
    "not_permitted": _l("Your account has no permission for this."),
    "bad_cursor": _l("This address is cut off or mistyped. Begin at the first page."),
    "too_many_tries": _l("There were too many tries in a short time. You can try again after %(again_at)s."),
    "control_characters": _l("The text holds characters that can't be shown. Type it again instead of pasting."),
    # regions
    "unknown_region": _l("There is no such region."),
    # accounts
    "personal_number": _l(
        "This looks like a resident registration number. Such numbers are never stored here: take it out, please."
    ),
    "password_too_short": _l("Use at least %(minimum)s characters. Several words in a row are easy to remember."),
    "password_too_long": _l("Use at most %(maximum)s characters."),
    "password_too_easy": _l(
        "This password is among the first that others would try. Choose several words of your own."
    ),
    "password_names_its_owner": _l("Your name or mail address alone is no secret. Choose other words."),
    "wrong_credentials": _l("The mail address or the password is not right."),
    "wrong_password": _l("This is not your password."),
    "sign_in_not_fresh": _l(
        "Your account has no password, so this takes a fresh sign-in. "
        "Sign out, sign in again and come back within 10 minutes."
    ),
    "link_unusable": _l("This link does not work any more."),
    "same_address": _l("This is the address that your account has now."),
    "session_gone": _l("This device is signed out already."),
    "name_not_usable": _l("Write a name that others can read, at most 40 characters."),
    "unknown_account": _l("No account has this address. Ask the person to sign up first, or check the spelling."),
    "own_residency": _l("Somebody else has to confirm your own residency."),
    "own_role": _l("Nobody gives a role to themselves. Another administrator has to do this."),
    "role_already_held": _l("This person has the role already."),
    "role_not_held": _l("This person does not have the role any more."),
    "last_administrator": _l("This is the only administrator of the region. Appoint another one first."),
    # providers
    "claims_unusable": _l("The provider did not say who you are. Try another way to sign in."),
    "claims_hold_personal_number": _l(
        "The provider sent something that looks like a resident registration number. Such numbers are never taken "
        "here, so nobody was signed in. Tell the people who run this site, please."
    ),
    "linked_elsewhere": _l(
        "Somebody signs in to another account with this already. If that is you, sign in there and unlink it first."
    ),
    "provider_already_linked": _l("You sign in with another account of this provider already. Unlink that one first."),
    "provider_not_linked": _l("This is not linked to your account any more."),
    "only_way_in": _l("This is your only way to sign in. Link another account or set a password first."),
    "address_taken": _l(
        "This address belongs to an account here. Sign in to that one first, then link the provider; or go on without "
        "the address."
    ),
    # second factors
    "wrong_second_factor_code": _l("This code is not right. Look at the app again; a code is good for 30 seconds."),
    "second_factor_code_used": _l("This code was used already. Wait until the app shows the next one."),
    "wrong_recovery_code": _l("This is none of your recovery codes, or it was used already."),
    "no_second_factor_shown": _l("Write a code, or use your passkey."),
    "authenticator_set_up_over": _l("The picture has waited too long. Begin setting up the app once more."),
    "second_factor_not_held": _l("This is not here any more. Load the page again."),
    "last_second_factor": _l("You hold a role, so one second factor has to stay. Add another one first."),
    "passkey_refused": _l("The passkey's answer did not fit. Try once more."),
    "passkey_known": _l("This passkey is here already."),
    "too_many_passkeys": _l("You have %(most)s passkeys. Remove one that you no longer use."),
    "passkey_name_missing": _l("Give the device a name."),
    "department_missing": _l("Write the department that the reviewer works for."),
    "institution_missing": _l("Choose the institution that the person represents."),
    "unknown_institution": _l("This institution does not take part in the region."),
    # rounds
    "unknown_round": _l("There is no such round, or it has not been announced yet."),
    "phase_closed": _l("This closed with the phase “%(phase)s” on %(closed_at)s."),
    "not_open_yet": _l("This opens with the phase “%(phase)s” on %(opens_at)s."),
    "never_open": _l("This round has no phase in which this is possible."),
    "round_not_announced": _l("The round has not been announced yet."),
    "round_already_announced": _l("The round was announced. Only the end of a phase can still be moved, to later."),
    "no_phases": _l("A round needs at least one phase. Give one of them a start and an end."),
    "phase_half_dated": _l("Give both a start and an end, or leave both empty to leave the phase out."),
    "phase_ends_before_start": _l("The end must be later than the start."),
    "phases_overlap": _l("This starts before “%(earlier)s” ends. Phases follow each other in this order."),
    "phase_needs_another": _l("This needs the phase “%(needed)s” before it. Add that one, or leave this one out."),
    "rules_unusable": _l("Enter a whole number from %(lowest)s to %(highest)s."),
    "envelope_negative": _l("The envelope can't be less than zero."),
    "field_twice": _l("“%(name)s” stands in the list twice."),
    "field_name_too_long": _l("This is too long: at most %(limit)s characters."),
    "no_fields": _l("Name at least one field, one a line."),
    "phase_not_extended": _l("The new end must be later than the one now, %(ends_at)s."),
    "phase_already_over": _l("This phase is over. What closed with it can't be opened again."),
    "reason_missing": _l("Give the reason. Residents will read it."),
    "round_incomplete": _l("The round can't be announced yet. The list says what is missing."),
    "round_starts_in_the_past": _l("The first phase starts in the past. Move the dates before you announce the round."),
    # lifecycle
    "poll_stands_in_the_way": _l(
        "This would move the phase “%(phase)s”, but the rules of the vote “%(title)s” are already fixed."
    ),
    # proposals
    "unknown_proposal": _l("There is no such proposal."),
    "discussion_taken_away": _l("This discussion can't be read: its proposal was hidden or withdrawn."),
    "proposal_text_too_short": _l("Write a little more: at least %(least)s characters."),
    "proposal_text_too_long": _l("This is too long: at most %(limit)s characters."),
    "unknown_field": _l("Choose one of the fields of this round."),
    "unknown_district": _l("Choose a dong or a city of this region from the list."),
    "point_not_read": _l("Write decimal degrees, for example 35.160000."),
    "half_a_point": _l("A point needs both numbers: north and east. Fill in this one too, or empty both."),
    "outside_region": _l("This point lies outside the region. Choose one inside its boundaries."),
    "too_many_proposals": _l("In this round, one person may make at most %(limit)s proposals."),
    "already_posted": _l("You posted this proposal a moment ago. This is it; it was not posted a second time."),
    "proposal_not_own": _l("Only its author can change a proposal."),
    "proposal_settled": _l("This proposal can't be changed any more, since residents vote on it or have voted."),
    "proposal_taken_away": _l("This proposal was hidden or withdrawn."),
    "invited_self": _l("This is your own address. You are the author already."),
    "already_invited": _l("This address was invited to this proposal already."),
    "too_many_co_authors": _l("At most %(limit)s people sign with you, open invitations included."),
    "unknown_invitation": _l("No invitation for your mail address waits here. It may be too old or taken back."),
    "no_co_author": _l("This person does not sign the proposal."),
    "unknown_version": _l("There are no two such versions of this proposal."),
    "unknown_draft": _l("There is no such draft. It may have been submitted or discarded."),
    "too_many_drafts": _l("You keep %(limit)s drafts already. Discard one on My page, then this one can be kept too."),
    "draft_round_closed": _l("This round takes no proposals now."),
    "proposal_edited_meanwhile": _l(
        "You changed this proposal in another window. Copy what you typed, load the page again and edit that version."
    ),
    # threads
    "unknown_thread": _l("There is no such discussion."),
    "unknown_comment": _l("There is no such comment."),
    "comment_empty": _l("Write something before you post it."),
    "comment_too_long": _l("A comment has at most %(limit)s characters. Shorten it, or post it in two parts."),
    "comment_taken_away": _l("This comment was hidden or withdrawn meanwhile."),
    "comment_rated_by_author": _l("Others say whether your comment helps."),
    "comment_not_own": _l("Only its author can change a comment."),
    "comment_edit_closed": _l("A comment can be changed within %(hours)s hours. After that, answer it instead."),
    # moderation
    "unknown_subject": _l("What you want to report is not here any more."),
    "unknown_case": _l("There is no such case."),
    "already_reported": _l("You have reported this already. The moderators will look at it."),
    "own_contribution": _l("You wrote this yourself. Somebody else has to judge it."),
    "report_note_missing": _l("Say in a sentence what is wrong."),
    "report_note_too_long": _l("This is too long: at most %(limit)s characters."),
    "case_claimed": _l("%(name)s is working on this until %(until)s. Take another case."),
    "case_already_decided": _l("Another moderator has decided this meanwhile. See below what was decided."),
    "nothing_to_restore": _l("This is not hidden, so there is nothing to restore."),
    "rule_missing": _l("Choose the rule that was broken."),
    "facts_missing": _l("Say what it is about. The author and readers of the log will read it."),
    "facts_too_long": _l("This is too long: at most %(limit)s characters."),
    # polls
    "unknown_poll": _l("There is no such vote."),
    "poll_not_open_yet": _l("Voting has not begun. It opens on %(opens_at)s."),
    "poll_closed": _l(
        "Voting closed on %(closed_at)s. This ballot was not taken; an earlier one of yours still counts."
    ),
    "not_on_roll": _l(
        "You are not on the roll of this vote, so the ballot was not taken. The page of the vote says what is missing."
    ),
    "idempotency_key_unusable": _l("This form is incomplete. Go back to the ballot and begin again."),
    "idempotency_key_reused": _l(
        "This form was sent before with other choices. Go back to the ballot and cast a new one; the first one counts."
    ),
    "poll_already_frozen": _l(
        "Rules and options of this vote are fixed: they were promised to the voters, so nobody can change them."
    ),
    "poll_not_frozen": _l("The rules of this vote are not fixed yet."),
    "poll_too_few_options": _l("Put at least %(fewest)s options on the ballot."),
    "poll_option_key_taken": _l("“%(option)s” stands on the ballot already."),
    "poll_option_above_envelope": _l("“%(option)s” costs more than the whole envelope and could never win."),
    "poll_envelope_missing": _l("Enter the amount that is divided."),
    "poll_rule_does_not_fit": _l("This way of counting does not fit this kind of vote."),
    "poll_seats_missing": _l("Say how many are to be selected, at least 1."),
    "poll_choice_limits_unusable": _l("The most must not be less than the fewest, and the fewest at least 1."),
    "poll_minimum_age_unusable": _l("Enter an age from 0 to %(oldest)s."),
    "poll_ends_before_it_starts": _l("The vote must close after it opens."),
    "poll_outside_phase": _l("This must lie within the phase “%(phase)s”: %(starts_at)s to %(ends_at)s."),
    "poll_phase_missing": _l("The round has no phase “%(phase)s”, in which this vote could be open."),
    "poll_already_over": _l("This moment has passed. Nobody could vote."),
    "poll_trial_ballot_failed": _l(
        "A sealed trial ballot could not be opened again. Nothing was fixed; try once more."
    ),
    "poll_key_folder_unusable": _l(
        "The server can't write its folder for keys. Tell whoever runs the server (CIVICVOTE_KEY_PATH)."
    ),
    "poll_key_missing": _l("The key of this vote is not on this server, so the ballots can't be opened here."),
    "poll_seal_broken": _l(
        "The envelope with the receipt %(receipt)s can't be opened or holds no ballot of this vote. Nothing was "
        "counted. This must be looked into before anything else happens."
    ),
    "poll_still_open": _l(
        "Voting goes on until %(closes_at)s. To close it earlier, give a reason that everybody may read."
    ),
    "poll_not_closed": _l("The vote must be closed before it is counted."),
    "poll_not_counted": _l("The vote has not been counted yet."),
    "poll_already_published": _l("The outcome is published already."),
    "election_already_imported": _l("This file was imported already: %(slug)s, %(poll_id)s."),
    "election_unusable": _l("Line %(line)s: %(what)s."),
    "outcome_not_published": _l("The outcome of this vote is not published."),
    # tally
    "tally_budget_negative": _l("The budget can't be less than zero."),
    "tally_option_repeated": _l("An option stands twice on the ballot."),
    "tally_option_cost_negative": _l("A cost can't be less than zero."),
    "tally_ballot_for_unknown_option": _l("A ballot names an option that is not in this poll."),
    "tie_break_unknown": _l("Ties are decided by “id” or by “seed:” and a text."),
    "tie_break_seed_unusable": _l("The text for the draw must be one line that people can read and retype."),
    "tally_seats_missing": _l("Say how many options are to be selected, at least 1."),
    "ballot_unknown_option": _l("One of your choices is not on this ballot. Load the page again and choose once more."),
    "ballot_withdrawn_option": _l("One of your choices was withdrawn. Choose another one."),
    "ballot_repeated_option": _l("You chose the same option twice. Choose each once."),
    "ballot_too_few_choices": _l("Choose at least %(limit)s. You have chosen %(given)s so far."),
    "ballot_too_many_choices": _l("Choose at most %(limit)s. You have chosen %(given)s."),
    "ballot_cost_sum_too_low": _l("Your choices together cost less than this ballot asks for. Add one."),
    "ballot_cost_sum_too_high": _l("Your choices together cost more than a ballot may spend. Take one out."),
    "ballot_points_mismatch": _l("Give points to each of your choices, and to nothing else."),
    "ballot_points_too_low": _l("Give each choice at least %(limit)s points."),
    "ballot_points_too_high": _l("Give each choice at most %(limit)s points."),
    "ballot_points_sum_too_low": _l("Give at least %(limit)s points in all. You have given %(given)s so far."),
    "ballot_points_sum_too_high": _l("Give at most %(limit)s points in all. You have given %(given)s."),
    "pabulib_unreadable": _l("The file can't be counted. The list says which lines are wrong."),
    # uploads
    "unknown_upload": _l("There is no such file."),
    "upload_not_yours": _l("A file of this form is not here any more. Choose it once more."),
    "file_kind_not_taken": _l(
        "“%(name)s” can't be taken. Pictures (JPEG, PNG, WebP) and papers (PDF) can: save it as one of these."
    ),
    "file_too_large": _l("“%(name)s” is larger than %(limit)s MB. Make it smaller and choose it once more."),
    "file_broken": _l("“%(name)s” can't be read to its end. Save it anew with your program, then choose it again."),
    "picture_too_many_pixels": _l("“%(name)s” has more than %(limit)s million pixels. Save it smaller."),
    "paper_encrypted": _l("“%(name)s” is protected by a password or a restriction. Save it without."),
    "paper_too_long": _l("“%(name)s” has more than %(limit)s pages. Send the part that matters."),
    "too_many_files": _l("At most %(limit)s files can stand here. Take one out first."),
    "caption_too_long": _l("What you wrote under a file is too long: at most %(limit)s characters."),
    **RESIDENCY_SENTENCES,
    **OPINION_SENTENCES,
    **MERGING_SENTENCES,
    **IMPORT_SENTENCES,
    **OUTCOME_SENTENCES,
    **VOICE_SENTENCES,
    **BALLOT_SENTENCES,
    **COUNTING_SENTENCES,
    **SEALING_SENTENCES,
    **MONITOR_SENTENCES,
    # agenda
    "unknown_agenda_item": _l("There is no such agenda item."),
    "not_an_agenda_poll": _l("This vote was not about the agenda."),
    "nothing_to_adopt": _l("No option of this vote stands for a proposal of this site."),
    # budgeting
    "unknown_project": _l("There is no such project."),
    "project_text_missing": _l("Fill this in. Residents read it before they vote."),
    "project_text_too_long": _l("This is too long: at most %(longest)s characters."),
    "cost_not_positive": _l("The cost must be more than zero."),
    "cost_above_envelope": _l("The round's whole envelope is %(envelope)s. A project that costs more can't win."),
    "same_project": _l("This agenda item has a project of this title already."),
    "project_fixed": _l("This project stands on a ballot. What residents vote on can't be changed any more."),
    "not_a_budget_poll": _l("This vote was not about projects."),
    # allocations
    "unknown_transfer": _l("There is no such transfer."),
    "unknown_disbursement": _l("There is no such payment."),
    "amount_not_positive": _l("The amount must be more than zero."),
    "amount_too_large": _l("The amount is too large. Check the number of zeros."),
    "ledger_detail_missing": _l("Fill this in. It will be public."),
    "ledger_detail_too_long": _l("This is too long: at most %(longest)s characters."),
    "ledger_key_unusable": _l("This form is damaged. Load the page again and fill it in once more."),
    "ledger_key_used": _l("This form was sent before with other contents. Load the page again and look at it."),
    "not_enough_left": _l("Only %(left)s is left. Nothing was posted."),
    "payments_waiting": _l("%(left)s is left, but %(waiting)s of it waits for approval. You can use up to %(free)s."),
    "project_not_selected": _l("Only projects that residents selected get money."),
    "above_the_cost": _l(
        "Residents voted for a cost of %(cost)s. At most %(room)s more can be allocated to this project."
    ),
    "disbursement_already_decided": _l("%(name)s decided about this payment on %(decided_at)s: %(state)s."),
    "second_person_needed": _l("You entered this yourself. Another officer must decide about it."),
    "transfer_not_reversible": _l("A reversal can't be reversed. Post the transfer again if it was right."),
    "transfer_already_reversed": _l("This transfer was reversed already."),
    # audit
    "reason_too_short": _l("Say why in at least %(length)s characters. The reason stays in the audit."),
    "heads_unreadable": _l("This is no list of heads as this site publishes them."),
}


def sentence(refusal: Refusal) -> str:
    """What a person reads when the rule says no, in the reader's language."""
    return sentence_of(refusal.code, refusal.params)


def sentence_of(code: str, params: Mapping[str, object]) -> str:
    """The same of a refusal that was kept for somebody who reads it later."""
    text = str(SENTENCES[code])
    return text % {name: _in_words(value) for name, value in params.items()} if params else text


def _in_words(value: object) -> object:
    """The domain gives moments and enum members; a sentence needs the reader's words for them."""
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, Money):
        return money_words(value)
    return label(value) if isinstance(value, StrEnum) and type(value) in LABELS else value
