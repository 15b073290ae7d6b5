"""An administrator lays down who counts as a resident and who has no ballot: one rule a page."""

from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.verification.blueprint import verification
from civicvote.blueprints.verification.forms import AgeForm, ClassRuleForm, ExclusionForm
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.errors import UnknownRule
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.rules import ClassRule, Exclusion
from civicvote.domain.verification.services_rules import lay_down_class, lay_down_exclusion
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

_Kind = TypeVar("_Kind", bound=StrEnum)


def _member(kind: type[_Kind], value: str) -> _Kind:
    if value not in list(kind):
        raise UnknownRule
    return kind(value)


@verification.get("/regions/<slug>/residency/rules")
def rules(slug: str) -> ResponseReturnValue:
    return render("verification/rules.html", rules=region_rules(current_region().id))


@verification.route("/regions/<slug>/residency/rules/class/<kind>", methods=["GET", "POST"])
def class_rule(slug: str, kind: str) -> ResponseReturnValue:
    region, residency_class = current_region(), _member(ResidencyClass, kind)
    form = ClassRuleForm(data=asdict(region_rules(region.id).classes[residency_class]))
    if form.validate_on_submit():
        with form.refusals():
            rule = ClassRule(
                residency_class=residency_class,
                is_admitted=form.is_admitted.data,
                minimum_assurance=Assurance(form.minimum_assurance.data),
                valid_months=form.valid_months.data,
                clause_ko=form.clause_ko.data or "",
                clause_en=form.clause_en.data or "",
            )
            lay_down_class(actor=signed_in_actor(), region_id=region.id, rule=rule)
        if not form.errors:
            flash(_("Saved. The rule holds from now on."), "success")
            return see_other(url_for("verification.rules", slug=slug))
    return render("verification/class_rule.html", status=form.status, form=form, kind=residency_class)


@verification.route("/regions/<slug>/residency/rules/group/<kind>", methods=["GET", "POST"])
def exclusion_rule(slug: str, kind: str) -> ResponseReturnValue:
    region, group = current_region(), _member(ExcludedGroup, kind)
    rule = region_rules(region.id).exclusions[group]
    form = (AgeForm if group is ExcludedGroup.UNDER_AGE else ExclusionForm)(data=asdict(rule))
    if form.validate_on_submit():
        with form.refusals():
            lay_down_exclusion(actor=signed_in_actor(), region_id=region.id, rule=_exclusion(group, form))
        if not form.errors:
            flash(_("Saved. The rule holds from now on."), "success")
            return see_other(url_for("verification.rules", slug=slug))
    return render("verification/exclusion_rule.html", status=form.status, form=form, kind=group)


def _exclusion(group: ExcludedGroup, form: AgeForm | ExclusionForm) -> Exclusion:
    clause_ko, clause_en = form.clause_ko.data or "", form.clause_en.data or ""
    if isinstance(form, ExclusionForm):
        return Exclusion(
            excluded_group=group, is_excluded=form.is_excluded.data, clause_ko=clause_ko, clause_en=clause_en
        )
    return Exclusion(
        excluded_group=group,
        minimum_age=form.minimum_age.data,
        consent_below_age=form.consent_below_age.data,
        clause_ko=clause_ko,
        clause_en=clause_en,
    )
