"""What those who follow a proposal, and those who owe it something, are told; ``notices`` takes the sentences in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.states import LadderStep

FOLLOWED: dict[str, LazyString] = {
    News.ANSWERED: _l("The department answered “%(title)s”."),
    News.MAYOR_ANSWERED: _l("The mayor answered “%(title)s”."),
    News.SUMMARISED: _l("A moderator summarised the discussion of “%(title)s”."),
    News.OPINED: _l("An expert gave an opinion on “%(title)s”."),
    News.COSTED: _l("Now it is known what “%(title)s” might cost."),
    News.VOICE_WITHDRAWN: _l("%(voice)s about “%(title)s”: no longer upheld."),
    News.ON_BALLOT: _l("“%(title)s” stands on the ballot."),
    News.SELECTED: _l("Residents selected “%(title)s” as an agenda item."),
    News.NOT_SELECTED: _l("Residents chose other proposals this time: “%(title)s” was not selected."),
    News.BECAME_PROJECT: _l("“%(title)s” became the project “%(project)s”."),
    News.FUNDED: _l("“%(title)s” has money: %(amount)s for the project “%(project)s”."),
    News.DEPARTMENT_OWES: _l("“%(title)s” has %(needed)s endorsements. Now the department answers it."),
    News.FORUM_OWED: _l("“%(title)s” has %(needed)s endorsements. Now there will be a forum about it."),
    News.MAYOR_OWES: _l("“%(title)s” has %(needed)s endorsements. Now the mayor answers it."),
    News.FORUM_FIXED: _l("The forum about “%(title)s”: %(held_on)s, %(place)s."),
}

OWED: dict[str, LazyString] = {
    LadderStep.DEPARTMENT_ANSWERS: _l("“%(title)s” has %(needed)s endorsements and waits for the department's answer."),
    LadderStep.FORUM: _l("“%(title)s” has %(needed)s endorsements and waits for a forum: fix its date and place."),
    LadderStep.MAYOR_ANSWERS: _l("“%(title)s” has %(needed)s endorsements and waits for the mayor's answer."),
}
