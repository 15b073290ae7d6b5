"""``civicvote advance-phases``: what it says and with which status it ends."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from civicvote.cli.phases import advance_phases_command
from civicvote.db import database_clock
from civicvote.domain.polls.box import keys
from civicvote.domain.polls.states import PollState
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from civicvote.web.settings import settings
from tests.factories.places import make_region, make_round
from tests.factories.polls import freeze, make_agenda_draft


def test_the_command_moves_a_round_on_and_has_nothing_to_do_the_second_time(app: Flask, session: Session) -> None:
    round_ = make_round(make_region(), Phase.REVIEW)
    session.commit()
    first = app.test_cli_runner().invoke(advance_phases_command)
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [f"round:enter round:{round_.id} done"] * 2
    assert round_.entered_phase is Phase.REVIEW
    second = app.test_cli_runner().invoke(advance_phases_command)
    assert (second.exit_code, second.output) == (0, "")


def test_a_refused_count_is_named_and_fails_the_command_but_not_the_closing(app: Flask, session: Session) -> None:
    region = make_region()
    poll = freeze(make_agenda_draft(region), region, settings().key_path)
    keys.destroy(settings().key_path, poll.id)
    session.commit()
    later = poll.closes_at + timedelta(minutes=1)
    with clock.frozen_at(later), database_clock(lambda: later):
        result = app.test_cli_runner().invoke(advance_phases_command)
    assert result.exit_code == 1
    assert f"poll:count poll:{poll.id} refused: poll_key_missing" in result.output
    session.expire_all()
    assert poll.state is PollState.CLOSED
