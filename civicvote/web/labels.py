"""Words for the domain's enums, in the reader's language. A test holds that every member has one."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.allocations.states import AccountKind, DisbursementState, TransferKind
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.polls.states import Channel, PollKind, PollState, Standing
from civicvote.domain.regions.kinds import DistrictLevel, FigureKind, InstitutionKind, RegionKind
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.verification.kinds import ClashDecision, VerificationChannel
from civicvote.domain.verification.rolls import RollMode
from civicvote.domain.verification.rows import ListColumn, RowProblem
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from civicvote.kernel.voting import BallotType
from civicvote.web.audit_words import AUDIT_LABELS
from civicvote.web.ballot_words import BALLOT_LABELS
from civicvote.web.counting_words import COUNTING_LABELS
from civicvote.web.exchange_words import EXCHANGE_LABELS
from civicvote.web.search_words import SEARCH_LABELS
from civicvote.web.talk_words import TALK_LABELS
from civicvote.web.turnout_words import TURNOUT_LABELS
from civicvote.web.voice_words import VOICE_LABELS

#: Keyed by class first: members of different enums with the same text are equal.
LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    **AUDIT_LABELS,
    **VOICE_LABELS,
    **EXCHANGE_LABELS,
    **BALLOT_LABELS,
    **COUNTING_LABELS,
    **SEARCH_LABELS,
    **TALK_LABELS,
    **TURNOUT_LABELS,
    Phase: {
        Phase.DISCOVERY: _l("Proposing"),
        Phase.REVIEW: _l("Review"),
        Phase.DELIBERATION: _l("Deliberation"),
        Phase.AGENDA_VOTE: _l("Agenda vote"),
        Phase.MATCHING: _l("Matching"),
        Phase.BUDGET_VOTE: _l("Budget vote"),
        Phase.ALLOCATION: _l("Allocation"),
        Phase.IMPLEMENTATION: _l("Implementation"),
        Phase.RESULTS: _l("Results"),
    },
    Role: {
        Role.CLERK: _l("Clerk"),
        Role.MODERATOR: _l("Moderator"),
        Role.BUDGET_ENTRY: _l("Budget officer (entry)"),
        Role.BUDGET_APPROVAL: _l("Budget officer (approval)"),
        Role.REVIEWER: _l("Reviewer (department)"),
        Role.REPRESENTATIVE: _l("Institution representative"),
        Role.EXPERT: _l("Expert"),
        Role.OBSERVER: _l("Observer"),
        Role.ADMINISTRATOR: _l("Administrator"),
    },
    RegionKind: {
        RegionKind.COUNTRY: _l("Country"),
        RegionKind.PROVINCE: _l("Province or metropolitan city"),
        RegionKind.DISTRICT: _l("City, county or district"),
        RegionKind.DONG: _l("Dong"),
        RegionKind.MUNICIPALITY: _l("Municipality"),
    },
    DistrictLevel: {
        DistrictLevel.PROVINCE: _l("Province or metropolitan city"),
        DistrictLevel.CITY: _l("City, county or district"),
        DistrictLevel.DONG: _l("Dong"),
    },
    InstitutionKind: {
        InstitutionKind.CENTRAL_GOVERNMENT: _l("Central government"),
        InstitutionKind.LOCAL_GOVERNMENT: _l("Local government"),
        InstitutionKind.PUBLIC_INSTITUTION: _l("Public institution"),
        InstitutionKind.UNIVERSITY_OR_EXPERT: _l("University or expert body"),
        InstitutionKind.CIVIL_SOCIETY: _l("Civil society"),
        InstitutionKind.COMPANY: _l("Company"),
    },
    FigureKind: {
        FigureKind.INSTITUTIONS: _l("Participating institutions"),
        FigureKind.AGENDA_ITEMS: _l("Agenda items"),
    },
    ResidencyClass: {
        ResidencyClass.ADDRESS: _l("Lives here"),
        ResidencyClass.WORK: _l("Works here"),
        ResidencyClass.STUDY: _l("Studies here"),
        ResidencyClass.AFFILIATION: _l("Belongs to an organisation here"),
        ResidencyClass.REGISTERED_FOREIGNER: _l("Registered foreign resident"),
    },
    Assurance: {
        Assurance.SELF_DECLARED: _l("Declared by the person"),
        Assurance.ROLL: _l("List handed in by the region"),
        Assurance.LETTER_CODE: _l("Code sent by letter"),
        Assurance.IDENTITY_PROVIDER: _l("Identity verification service"),
        Assurance.IN_PERSON: _l("In person at a desk"),
    },
    ExcludedGroup: {
        ExcludedGroup.STAFF: _l("Staff of the city"),
        ExcludedGroup.COUNCIL: _l("Members of the council"),
        ExcludedGroup.UNDER_AGE: _l("Under age"),
    },
    VerificationChannel: {
        VerificationChannel.DESK: _l("At a desk"),
        VerificationChannel.PROVIDER: _l("Identity verification service"),
        VerificationChannel.LETTER: _l("Letter with a code"),
        VerificationChannel.ROLL: _l("List handed in by the region"),
        VerificationChannel.SELF: _l("Declared by the person"),
    },
    ClashDecision: {
        ClashDecision.TRANSFER: _l("The new account takes over"),
        ClashDecision.REFUSE: _l("The earlier account stays"),
        ClashDecision.NAMESAKE: _l("Two different people"),
    },
    ListColumn: {  # as they head the columns of a list
        ListColumn.NAME: _l("name"),
        ListColumn.BIRTH_DATE: _l("birth_date"),
        ListColumn.ADDRESS: _l("address"),
        ListColumn.CLASS: _l("class"),
        ListColumn.DISTRICT: _l("district"),
        ListColumn.EXCLUDED: _l("excluded"),
        ListColumn.EMAIL: _l("email"),
    },
    RowProblem: {
        RowProblem.NAME_MISSING: _l("There is no name."),
        RowProblem.BIRTH_DATE: _l("The birth date can't be read; write it like 1950-03-07."),
        RowProblem.ADDRESS_MISSING: _l("There is no postal address."),
        RowProblem.CLASS: _l("The way of belonging is none of the known ones."),
        RowProblem.DISTRICT: _l("There is no such dong in this region."),
        RowProblem.EXCLUDED: _l("The group that is excluded is none of the known ones."),
        RowProblem.EMAIL: _l("The mail address is not complete."),
        RowProblem.TWICE: _l("The same name and birth date stand further up in the list."),
        RowProblem.ON_ROLL: _l("The same name and birth date are on the roll already."),
        RowProblem.PERSONAL_NUMBER: _l("A number in it looks like a resident registration number."),
        RowProblem.TOO_LONG: _l("A cell is too long."),
        RowProblem.TOO_MANY_CELLS: _l("It has more cells than the first row; put an address with commas into quotes."),
    },
    RollMode: {
        RollMode.ADD: _l("Add these people to the roll"),
        RollMode.REPLACE: _l("Replace the roll: who is not in this list can't use the old one any more"),
    },
    RoundState: {
        RoundState.DRAFT: _l("Draft"),
        RoundState.ANNOUNCED: _l("Announced"),
    },
    Visibility: {
        Visibility.VISIBLE: _l("Visible"),
        Visibility.HIDDEN: _l("Hidden"),
        Visibility.WITHDRAWN: _l("Withdrawn"),
    },
    SubjectKind: {
        SubjectKind.PROPOSAL: _l("Proposal"),
        SubjectKind.COMMENT: _l("Comment"),
    },
    ReportReason: {
        ReportReason.SPAM: _l("Advertising or spam"),
        ReportReason.ABUSE: _l("Insult or hate"),
        ReportReason.PERSONAL_DATA: _l("Personal data"),
        ReportReason.OFF_TOPIC: _l("Off topic"),
        ReportReason.DUPLICATE: _l("Posted twice"),
        ReportReason.ILLEGAL: _l("Illegal content"),
        ReportReason.OTHER: _l("Another reason"),
    },
    DecisionAction: {
        DecisionAction.HIDE: _l("Hidden"),
        DecisionAction.KEEP: _l("Kept"),
        DecisionAction.RESTORE: _l("Restored"),
    },
    CaseState: {
        CaseState.OPEN: _l("Open"),
        CaseState.DECIDED: _l("Decided"),
    },
    PollKind: {
        PollKind.AGENDA: _l("Agenda poll"),
        PollKind.BUDGET: _l("Budget poll"),
    },
    PollState: {
        PollState.DRAFT: _l("In preparation"),
        PollState.FROZEN: _l("Rules fixed"),
        PollState.CLOSED: _l("Closed"),
        PollState.COUNTED: _l("Counted"),
        PollState.PUBLISHED: _l("Outcome published"),
    },
    Channel: {
        Channel.WEB: _l("Online"),
        Channel.BOOTH: _l("Booth"),
        Channel.PAPER: _l("Paper"),
        Channel.UNKNOWN: _l("Not told"),
    },
    Standing: {
        Standing.DRAFT: _l("In preparation"),
        Standing.COMING: _l("Opens soon"),
        Standing.OPEN: _l("Open now"),
        Standing.OVER: _l("Voting is over"),
        Standing.PUBLISHED: _l("Outcome published"),
    },
    BallotType: {
        BallotType.APPROVAL: _l("Approval: choose what you support"),
        BallotType.CHOOSE_1: _l("One choice"),
        BallotType.CUMULATIVE: _l("Points to distribute"),
        BallotType.SCORING: _l("Points for each"),
        BallotType.ORDINAL: _l("Ranking"),
    },
    ProjectState: {
        ProjectState.PREPARING: _l("Being prepared"),
        ProjectState.ON_BALLOT: _l("On the budget ballot"),
        ProjectState.SELECTED: _l("Selected"),
        ProjectState.NOT_SELECTED: _l("Not selected"),
    },
    AccountKind: {
        AccountKind.SOURCE: _l("Source of money"),
        AccountKind.ENVELOPE: _l("Envelope"),
        AccountKind.ALLOCATED: _l("Allocated"),
        AccountKind.DISBURSED: _l("Paid out"),
        AccountKind.RETURNED: _l("Returned"),
    },
    TransferKind: {
        TransferKind.FUNDING: _l("Funding"),
        TransferKind.ALLOCATION: _l("Allocation"),
        TransferKind.DISBURSEMENT: _l("Payment"),
        TransferKind.RETURN: _l("Return"),
        TransferKind.REVERSAL: _l("Reversal"),
    },
    DisbursementState: {
        DisbursementState.WAITING: _l("Waiting for approval"),
        DisbursementState.APPROVED: _l("Approved"),
        DisbursementState.REFUSED: _l("Refused"),
    },
}


def label(member: StrEnum) -> str:
    """The word for an enum member."""
    return str(LABELS[type(member)][member])
