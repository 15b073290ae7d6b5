"""Each trap of the format in a small file of its own: what is said of which line, and that nothing else is lost.

All files are the election of ``clean.pb`` with one thing changed.
"""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.problems import MESSAGES, PabulibError, Problem, ProblemCode
from civicvote.domain.tally.pabulib.read import read_pabulib, read_pabulib_file
from civicvote.kernel.voting import BallotType

FILES = Path(__file__).parent / "files"
CLEAN_SCORES = {"a": 3, "b": 2, "c": 1}

# file: the problems by line, the scores, ballots read, ballots with a choice
READABLE = {
    "clean": ([], CLEAN_SCORES, 4, 4),
    "spaces_after_separators": ([], CLEAN_SCORES, 4, 4),
    "byte_order_mark": ([], CLEAN_SCORES, 4, 4),
    "crlf": ([], CLEAN_SCORES, 4, 4),
    "carriage_returns_only": ([], CLEAN_SCORES, 4, 4),
    "blank_lines": ([], CLEAN_SCORES, 4, 4),
    "separators_at_line_ends": ([], CLEAN_SCORES, 4, 4),
    "channels": ([], CLEAN_SCORES, 4, 4),
    "line_separator_in_text": ([(23, "unknown_projects")], {"a": 2, "b": 2, "c": 1}, 4, 3),
    "quoted_text": ([(24, "unknown_projects")], {"a": 2, "b": 2, "c": 1}, 4, 3),
    "empty_ballots": ([(23, "ballot_empty"), (24, "ballot_empty")], {"a": 2, "b": 2, "c": 0}, 4, 2),
    "unknown_projects": (
        [(22, "unknown_projects"), (24, "unknown_projects")],
        {"a": 3, "b": 2, "c": 0},
        4,
        3,
    ),
    "repeated_projects": ([(22, "repeated_projects")], CLEAN_SCORES, 4, 4),
    "repeated_voter": ([(24, "voter_repeated")], {"a": 3, "b": 2, "c": 0}, 3, 3),
    "no_voter_ids": (
        [(22, "voter_id_missing"), (23, "voter_id_missing"), (24, "voter_id_missing")],
        CLEAN_SCORES,
        4,
        4,
    ),
    "line_without_vote": ([(24, "vote_missing")], {"a": 3, "b": 2, "c": 0}, 3, 3),
    "too_many_columns": ([(18, "too_many_columns"), (24, "too_many_columns")], CLEAN_SCORES, 4, 4),
    "too_few_columns": ([(18, "too_few_columns")], CLEAN_SCORES, 4, 4),
    "counts_disagree": ([(7, "count_disagrees"), (8, "count_disagrees")], CLEAN_SCORES, 4, 4),
    "official_figures_disagree": ([(18, "official_figure_disagrees")], CLEAN_SCORES, 4, 4),
    "few_meta": (
        [
            (2, "meta_missing"),
            (2, "meta_missing"),
            (2, "meta_missing"),
            (2, "meta_missing"),
            (5, "meta_missing"),
        ],
        CLEAN_SCORES,
        4,
        4,
    ),
    "odd_meta": (
        [
            (8, "meta_unreadable"),
            (9, "meta_unreadable"),
            (10, "meta_repeated"),
            (16, "meta_unreadable"),
            (18, "meta_unreadable"),
        ],
        CLEAN_SCORES,
        4,
        4,
    ),
    "limits": (
        [
            (25, "ballot_cost_sum_too_high"),
            (26, "ballot_too_many_choices"),
            (27, "ballot_too_few_choices"),
            (28, "ballot_cost_sum_too_high"),
        ],
        {"a": 3, "b": 3, "c": 2},
        4,
        4,
    ),
    "choose_1": (
        [(22, "ballot_too_many_choices"), (25, "ballot_too_many_choices")],
        CLEAN_SCORES,
        4,
        4,
    ),
    "cumulative": ([], {"a": Fraction(15, 2), "b": 4, "c": 5}, 4, 4),
    "points_traps": (
        [
            (23, "points_mismatch"),
            (24, "points_unreadable"),
            (25, "unknown_projects"),
            (26, "ballot_points_sum_too_high"),
            (27, "points_unreadable"),
            (28, "vote_missing"),
        ],
        {"a": 4, "b": 2, "c": 2},
        2,
        2,
    ),
    # Three ballots leave something out, which then gets the default of -1.
    "scoring": ([(26, "ballot_empty")], {"a": 1, "b": -5, "c": 2}, 4, 4),
    "ordinal": ([(25, "ballot_too_many_choices")], {"a": 6, "b": 3, "c": 2}, 4, 4),
    "ordinal_without_length": ([], {"a": 8, "b": 5, "c": 3}, 4, 4),
}

UNUSABLE = {
    "not_utf8": [(18, "not_utf8")],
    "utf16": [(1, "not_utf8")],
    "zero_byte": [(18, "not_text")],
    "quote_not_closed": [(18, "quote_not_closed")],
    "empty": [(1, "section_missing")],
    "text_before_meta": [(1, "text_before_meta")],
    "no_projects_section": [(15, "section_missing")],
    "no_votes_section": [(19, "section_missing")],
    "section_twice": [(26, "section_out_of_place")],
    "no_header": [(16, "header_missing")],
    "no_cost_column": [(16, "column_missing")],
    "column_twice": [(16, "column_repeated")],
    "no_points_column": [(21, "column_missing")],
    "required_meta_missing": [(2, "meta_required"), (9, "meta_required")],
    "bad_meta": [(9, "budget_unreadable"), (10, "vote_type_unknown")],
    "amounts_too_large": [(9, "amount_too_large"), (17, "amount_too_large")],
    "negative_budget": [(9, "budget_unreadable")],
    "no_projects": [(16, "no_projects")],
    "bad_projects": [
        (17, "cost_unreadable"),
        (18, "project_id_missing"),
        (19, "cost_negative"),
        (20, "cost_unreadable"),
        (24, "project_repeated"),
    ],
}

AMOUNTS = {
    # file: exponent, has decimals, costs in the smallest unit, budget as the file would write it
    "clean": (0, False, [60, 50, 40], 100),
    "decimal_costs": (2, True, [6000, 5010, 4040], "100.50"),
    "won_with_decimals": (2, True, [6000, 5025, 4000], "100.00"),
    "whole_costs_with_point_zero": (2, False, [6000, 5000, 4000], 100),
    "dinar": (3, False, [60_000, 50_000, 40_000], 100),
    "no_currency": (1, True, [600, 505, 400], "100.0"),
}


def read(name: str) -> PabulibElection:
    return read_pabulib_file(FILES / f"{name}.pb")


def by_line(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    return [(problem.line, problem.code.value) for problem in problems]


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_read_and_what_could_not_is_said_by_line(name):
    problems, scores, voters, valid_ballots = READABLE[name]

    election = read(name)

    assert by_line(election.warnings) == problems
    assert election.profile.scores == scores
    assert election.profile.voters == voters
    assert election.profile.valid_ballots == valid_ballots
    assert [option.id for option in election.profile.options] == ["a", "b", "c"]


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_file_is_refused_with_all_its_lines(name):
    with pytest.raises(PabulibError) as refused:
        read(name)

    assert by_line(refused.value.problems) == UNUSABLE[name]


@pytest.mark.parametrize("name", AMOUNTS)
def test_money_is_kept_exactly_in_the_smallest_unit(name):
    exponent, has_decimals, costs, budget = AMOUNTS[name]

    election = read(name)

    assert election.exponent == exponent
    assert election.has_decimals is has_decimals
    assert [option.cost for option in election.profile.options] == costs
    assert election.amount(election.profile.budget) == budget


def test_every_file_of_the_folder_is_tested():
    tested = {*READABLE, *UNUSABLE, *AMOUNTS, "withdrawn", "tie_changes_winners"}
    assert {path.stem for path in FILES.glob("*.pb")} == tested


def test_texts_keep_what_is_inside_them():
    assert read("line_separator_in_text").profile.options[0].name == "Alley\u2028lamps\u0085at night"
    quoted = read("quoted_text").profile.options
    assert [option.name for option in quoted] == [
        'Alley lamps; "warm" ones',
        "Bus shelter,\nwith a bench",
        "Cycle racks",
    ]
    assert read("spaces_after_separators").profile.options[0].name == "Alley lamps; new"
    assert read("odd_meta").meta["comment"] == "#1: one; two"


def test_a_withdrawn_project_keeps_its_votes_and_is_marked():
    election = read("withdrawn")

    assert [option.is_withdrawn for option in election.profile.options] == [False, False, True]
    assert election.profile.scores["c"] == 2
    assert election.warnings == ()


def test_days_are_read_and_a_year_means_its_first_and_last_day():
    assert (read("clean").began_on, read("clean").ended_on) == (date(2026, 3, 1), date(2026, 3, 15))
    assert (read("odd_meta").began_on, read("odd_meta").ended_on) == (None, date(2026, 12, 31))


def test_ballots_are_counted_by_channel_and_nothing_of_a_voter_is_kept():
    election = read("channels")

    assert election.channels == {"internet": 2, "paper": 1, "unknown": 1}
    assert read("clean").channels == {}
    everything = repr(election)
    assert "34" not in everything
    assert "'F'" not in everything


def test_limits_of_the_file_become_the_rule_of_its_ballots():
    rule = read("limits").ballot_rule

    assert (rule.type, rule.min_choices, rule.max_choices) == (BallotType.APPROVAL, 2, 2)
    assert rule.max_sum_cost == 105
    assert read("choose_1").ballot_rule.max_choices == 1
    assert read("cumulative").ballot_rule.max_sum_points == 5


def test_amounts_in_a_sentence_are_those_of_the_file():
    clean = (FILES / "limits.pb").read_bytes().replace(b"KRW", b"PLN")

    problem = read_pabulib(clean.splitlines(keepends=True)).warnings[0]

    assert str(problem) == "line 25: the projects cost 110.00, above 105.00; the ballot is counted"


def test_a_message_names_line_and_value():
    with pytest.raises(PabulibError) as refused:
        read("bad_projects")

    assert str(refused.value).splitlines()[-1] == "line 24: the project id b stands already in line 22"


def test_every_code_has_a_sentence_and_is_tested():
    assert set(MESSAGES) == set(ProblemCode)
    seen = {code for problems, *_ in READABLE.values() for _, code in problems}
    seen |= {code for problems in UNUSABLE.values() for _, code in problems}
    untested = {"ballot_cost_sum_too_low", "ballot_points_sum_too_low"}
    untested |= {"ballot_points_too_low", "ballot_points_too_high"}
    assert {code.value for code in ProblemCode} - seen == untested


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (b"min_sum_points;6", "ballot_points_sum_too_low"),
        (b"min_points;2", "ballot_points_too_low"),
        (b"max_points;4", "ballot_points_too_high"),
        (b"min_sum_cost;50", "ballot_cost_sum_too_low"),
    ],
)
def test_the_rarer_limits_are_told_and_the_ballot_is_counted(limit, code):
    text = (FILES / "cumulative.pb").read_bytes().replace(b"max_sum_points;5", limit)

    election = read_pabulib(text.splitlines(keepends=True))

    assert code in {problem.code.value for problem in election.warnings}
    assert election.profile.scores == READABLE["cumulative"][1]


def lines_blamed(text: bytes) -> list[int]:
    """Reads what may be anything; only a PabulibError may come of it."""
    try:
        problems = read_pabulib(text.splitlines(keepends=True)).warnings
    except PabulibError as refused:
        problems = refused.problems
    return [problem.line for problem in problems]


@pytest.mark.parametrize("cut", range(0, 350, 7))
def test_a_file_cut_anywhere_is_read_or_refused_by_line(cut):
    text = (FILES / "quoted_text.pb").read_bytes()[:cut]

    assert all(1 <= line <= text.count(b"\n") + 1 for line in lines_blamed(text))


@given(
    name=st.sampled_from(["clean", "cumulative", "quoted_text", "limits"]),
    place=st.floats(0, 1),
    junk=st.one_of(st.binary(max_size=12), st.sampled_from([b";", b'"', b"\n", b"\r", b"N/A", b"-", b"9" * 5000])),
)
def test_junk_anywhere_is_read_or_refused_by_line(name, place, junk):
    text = (FILES / f"{name}.pb").read_bytes()
    cut = int(place * len(text))
    spoiled = text[:cut] + junk + text[cut:]

    lines = spoiled.count(b"\n") + spoiled.count(b"\r") + 1
    assert all(1 <= line <= lines for line in lines_blamed(spoiled))
