"""Who hears about money: those who may approve a payment, the one who entered it, the one whose proposal is funded."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.allocations.models import Disbursement
from civicvote.domain.allocations.states import DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.services_following import tell_news
from civicvote.domain.regions.models import Region
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role


def tell_approvers(disbursement: Disbursement, project: Project) -> None:
    """Everybody who may approve payments in the region, except the one who entered this one."""
    approvers = db.session.scalars(
        sa.select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.region_id == disbursement.region_id,
            RoleGrant.role == Role.BUDGET_APPROVAL,
            Person.id != disbursement.entered_by_id,
        )
        .order_by(Person.id)
    )
    path = f"{_region_path(disbursement.region_id)}/desk/budget/payments/{ids.encode(disbursement.id)}"
    params: dict[str, Any] = {"project": project.title, "amount": disbursement.amount, "payee": disbursement.payee}
    for person in approvers:
        _tell(person, NotificationKind.DISBURSEMENT_WAITING, params, path)


def tell_enterer(disbursement: Disbursement, project: Project) -> None:
    """The officer who entered the payment hears what became of it, and why."""
    params: dict[str, Any] = {
        "project": project.title,
        "amount": disbursement.amount,
        "approved": disbursement.state is DisbursementState.APPROVED,
        "note": disbursement.decision_note,
    }
    path = f"{_region_path(disbursement.region_id)}/desk/budget/payments/{ids.encode(disbursement.id)}"
    person = db.session.get_one(Person, disbursement.entered_by_id)
    _tell(person, NotificationKind.DISBURSEMENT_DECIDED, params, path)


def tell_proposer(project: Project, amount: int) -> None:
    """The author of the proposal behind the project hears that it has money now, and so do those who follow it."""
    proposal, person = db.session.execute(
        sa.select(Proposal, Person)
        .join(Person, Person.id == Proposal.author_id)
        .join(
            AgendaItem,
            (AgendaItem.region_id == Proposal.region_id) & (AgendaItem.proposal_id == Proposal.id),
        )
        .where(AgendaItem.region_id == project.region_id, AgendaItem.id == project.agenda_item_id)
    ).one()
    path = f"{_region_path(project.region_id)}/projects/{ids.encode(project.id)}"
    tell_news(
        proposal=proposal,
        news=News.FUNDED,
        path=path,
        params={"project": project.title, "amount": amount},
        except_person_ids=[person.id],
    )
    _tell(person, NotificationKind.PROJECT_FUNDED, {"title": project.title, "amount": amount}, path)


def _tell(person: Person, kind: NotificationKind, params: dict[str, Any], path: str) -> None:
    notify(person_id=person.id, kind=kind, params=params, path=path)
    enqueue_mail(address=person.email, locale=person.locale, kind=kind, params=params, path=path)


def _region_path(region_id: int) -> str:
    return f"/regions/{db.session.get_one(Region, region_id).slug}"
