"""Forms of reporting and deciding."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from civicvote.domain.moderation.cases import QueueFilter
from civicvote.domain.moderation.kinds import CaseState, ReportReason, SubjectKind
from civicvote.domain.moderation.statements import MAX_FACTS, MAX_NOTE
from civicvote.web.forms import Form, strip
from civicvote.web.labels import LABELS

_REASONS = [SelectChoice(reason.value, text) for reason, text in LABELS[ReportReason].items()]


def _at_most(limit: int) -> Length:
    return Length(max=limit, message=_l("This is too long: at most %(limit)s characters.", limit=limit))


class ReportForm(Form):
    reason = RadioField(
        _l("What is wrong with it?"), choices=_REASONS, validators=[InputRequired(_l("Choose a reason."))]
    )
    note = TextAreaField(_l("What should the moderators know?"), filters=[strip], validators=[_at_most(MAX_NOTE)])


class DecisionForm(Form):
    #: Only hiding needs a rule, so that the domain asks for it and not the form.
    reason = RadioField(_l("Rule"), choices=_REASONS, validate_choice=False)
    facts = TextAreaField(_l("Reasons"), filters=[strip], validators=[_at_most(MAX_FACTS)])

    @property
    def chosen_reason(self) -> ReportReason | None:
        return ReportReason(self.reason.data) if self.reason.data in set(ReportReason) else None


def queue_filter(arguments: Any) -> QueueFilter:
    """What the queue's address asks for; what it does not understand, it leaves out."""
    state, kind, reason = (arguments.get(name, "") for name in ("state", "kind", "reason"))
    return QueueFilter(
        state=CaseState(state) if state in set(CaseState) else CaseState.OPEN,
        kind=SubjectKind(kind) if kind in set(SubjectKind) else None,
        reason=ReportReason(reason) if reason in set(ReportReason) else None,
    )


def queue_arguments(wanted: QueueFilter) -> dict[str, str]:
    """The filter as it stands in the queue's address."""
    arguments = {
        "state": wanted.state.value if wanted.state is not CaseState.OPEN else "",
        "kind": wanted.kind.value if wanted.kind else "",
        "reason": wanted.reason.value if wanted.reason else "",
    }
    return {name: value for name, value in arguments.items() if value}
