"""Tell what is said beside the threads: answers, summaries, opinions and costs; a forum; what the resident follows."""

import tomllib
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from civicvote.cli.example.people import holders
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.talking import Talk
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services_following import follow
from civicvote.domain.proposals.services_ladder import fix_forum
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.services import edit_voice, publish_voice
from civicvote.domain.voices.texts import VoiceTexts
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role

_FILE = Path(__file__).parents[2] / "seed" / "voices.toml"
_SPEAKERS = {
    VoiceKind.OFFICIAL_ANSWER: Role.REVIEWER,
    VoiceKind.SUMMARY: Role.MODERATOR,
    VoiceKind.EXPERT_OPINION: Role.EXPERT,
    VoiceKind.BUDGET_INFORMATION: Role.BUDGET_ENTRY,
}


def rules_of(story: str) -> RoundRules:
    """The round that is discussed now is the first with an endorsement ladder; what 60 people want is met about. Of
    votes it is told how many of each group came."""
    if story == "discussing":
        return RoundRules(ladder_forum=60, shows_turnout_by_group=1)
    return RoundRules(ladder_department_answers=0, ladder_forum=0, ladder_mayor_answers=0, shows_turnout_by_group=1)


@cache
def _told() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def plan_voices(scene: Scene, talk: Talk) -> None:
    """Put what is said about the round's proposals on the stage."""
    for name, act in (("voices", _speak), ("forums", _meet), ("follows", _follow)):
        for told in _told()[name]:
            if told["region"] == scene.region.slug:
                scene.stage.plan(told["day"], partial(act, scene, talk, told))


def _proposal(talk: Talk, told: dict[str, Any]) -> Proposal:
    return next(proposal for story, proposal in talk.proposals if story.title == told["proposal"])


def _speak(scene: Scene, talk: Talk, told: dict[str, Any]) -> None:
    kind, proposal = VoiceKind(told["kind"]), _proposal(talk, told)
    actor = scene.cast.actor(holders(_SPEAKERS[kind]))
    voice = publish_voice(actor=actor, proposal=proposal, kind=kind, texts=_texts(told, told["body"]))
    if "then_body" in told:
        changed = _texts(told, told["then_body"])
        scene.stage.plan(
            told["then_day"],
            partial(edit_voice, actor=actor, proposal=proposal, voice=voice, based_on=1, texts=changed),
        )


def _texts(told: dict[str, Any], body: str) -> VoiceTexts:
    interests = told.get("interests", "")
    return VoiceTexts(
        body=body,
        office=told.get("office", ""),
        estimate=told.get("estimate", ""),
        has_interests=bool(interests),
        interests=interests,
    )


def _meet(scene: Scene, talk: Talk, told: dict[str, Any]) -> None:
    fix_forum(
        actor=scene.cast.actor(holders(Role.REVIEWER)),
        proposal=_proposal(talk, told),
        held_on=clock.today() + timedelta(days=told["in_days"]),
        place=told["place"],
        note=told["note"],
    )


def _follow(scene: Scene, talk: Talk, told: dict[str, Any]) -> None:
    follow(actor=scene.cast.actor("resident@example.org"), proposal=_proposal(talk, told))
