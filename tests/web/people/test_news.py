"""What followers and those who owe an answer are told reads as a sentence in both languages, whatever it is."""

import pytest
from flask import Flask

from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.web.i18n import speaking
from civicvote.web.notices import notice

EVERYTHING = {
    "title": "어두운 골목",
    "project": "골목 등",
    "amount": 325_000_000,
    "needed": 50,
    "held_on": "2026-11-30",
    "place": "저녁 7시, 시청",
    "voice": VoiceKind.OFFICIAL_ANSWER.value,
}


@pytest.mark.parametrize("news", list(News))
def test_all_news_of_a_followed_proposal_are_sentences(app: Flask, news: News) -> None:
    for locale in ("ko", "en"):
        with app.test_request_context(), speaking(locale):
            said = notice(NotificationKind.FOLLOWED_PROPOSAL, {**EVERYTHING, "news": news.value})
        assert "어두운 골목" in said
        assert "%(" not in said


@pytest.mark.parametrize("step", list(LadderStep))
def test_whoever_owes_reads_what(app: Flask, step: LadderStep) -> None:
    said = set()
    for locale in ("ko", "en"):
        with app.test_request_context(), speaking(locale):
            said.add(notice(NotificationKind.ANSWER_OWED, {**EVERYTHING, "step": step.value}))
    assert len(said) == 2
    assert all("50" in each for each in said)


def test_the_day_of_a_forum_is_read_as_a_day(app: Flask) -> None:
    with app.test_request_context(), speaking("ko"):
        said = notice(NotificationKind.FOLLOWED_PROPOSAL, {**EVERYTHING, "news": News.FORUM_FIXED.value})
    assert "2026. 11. 30.(월)" in said
