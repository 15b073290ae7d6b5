"""The published tie-break: what it accepts, and tickets that anybody can recompute."""

import pytest

from civicvote.domain.tally.profile import Option
from civicvote.domain.tally.ties import TieBreak, TieBreakSeedUnusable, TieBreakUnknown

# Made with: printf '%s\0%s' "SEED" "OPTION-ID" | sha256sum
TICKETS = {
    ("2026", "a"): "03a040a7c349131d8a48c015504335fb72151da7d55151fb06841ab0b2fb7dc9",
    ("2026", "가"): "70212b6bbacd91c1ca26bd4e3cf00d07aa337c1748d7e8780af70f6b71697546",
    ("단풍나무 길", "a"): "def9153d2770526d5eb0d7b57c2e0e5b7356aa8f9f16704e7118c1167a11b86d",
    ("2026-11-22 로또 1199", "P-01"): "f82341e439e02fca007e7e161568d7c5ed5cb5eedd2546abfb88b599196127bb",
}


@pytest.mark.parametrize(("seed", "option_id"), TICKETS)
def test_a_ticket_of_the_lot_is_what_sha256sum_prints(seed, option_id):
    assert TieBreak.parse(f"seed:{seed}").ticket(option_id) == TICKETS[seed, option_id]


def test_seed_and_id_cannot_slide_into_each_other():
    assert TieBreak.parse("seed:ab").ticket("c") != TieBreak.parse("seed:a").ticket("bc")


def test_by_id_the_text_itself_is_compared():
    assert sorted(["9", "10", "나", "가", "a", "B"], key=TieBreak.parse("id").ticket) == [
        "10",
        "9",
        "B",
        "a",
        "가",
        "나",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "id",
        "seed:2026",
        "seed: two  words ",
        "seed:id",
        "seed:seed:x",
        "cost,id",
        "votes,cost,seed:2026",
        "cost,votes,seed:a, b",
        "seed:cost,votes",
    ],
)
def test_a_tie_break_is_written_as_it_is_read(text):
    assert str(TieBreak.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "ID", "lot", "seed", " id", "cost", "cost,", "cost,cost,id", "id,cost", "Cost,id", "cost, id"]
)
def test_any_other_word_is_refused(text):
    with pytest.raises(TieBreakUnknown):
        TieBreak.parse(text)


@pytest.mark.parametrize("seed", ["", "two\nlines", "zero\0byte", "line\u2028separator"])
def test_a_seed_that_nobody_could_retype_is_refused(seed):
    with pytest.raises(TieBreakSeedUnusable):
        TieBreak.parse(f"seed:{seed}")


OPTIONS = [Option("a", 9), Option("b", 2), Option("c", 2), Option("d", 2)]
NAMED = {"a": 5, "b": 3, "c": 4, "d": 3}


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("id", "abcd"),
        ("cost,id", "bcda"),
        ("votes,id", "acbd"),
        ("cost,votes,id", "cbda"),
        ("votes,cost,id", "acbd"),
        ("cost,votes,seed:2026", "cbda"),
        ("cost,votes,seed:2027", "cdba"),
    ],
)
def test_a_declared_order_looks_at_each_step_in_turn_and_ends_in_ids_or_lots(text, order):
    tie_break = TieBreak.parse(text)

    assert "".join(o.id for o in sorted(OPTIONS, key=lambda option: tie_break.key(option, NAMED))) == order


def test_the_steps_change_no_ticket():
    assert TieBreak.parse("cost,votes,seed:2026").ticket("a") == TICKETS["2026", "a"]
