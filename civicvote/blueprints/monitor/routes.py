"""What observers look at while a vote is open, and the city's own networks, which administrators list."""

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from civicvote.domain.monitor.flags import BURST_SIZE, BURST_WINDOW, SHARED_DEVICE_SIZE, full_hour
from civicvote.domain.monitor.queries import flags_of_poll, staff_networks
from civicvote.domain.monitor.services import drop_network, list_network
from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.domain.polls.queries import visible_poll
from civicvote.kernel import clock
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form, strip
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

monitor = Blueprint("monitor", __name__)

_FILL = _l("Fill this in.")
_LONG = _l("This is too long: at most %(max)d characters.")


class NetworkForm(Form):
    network = StringField(_l("Range of addresses"), filters=[strip], validators=[InputRequired(_FILL)])
    name = StringField(
        _l("What it is called"), filters=[strip], validators=[InputRequired(_FILL), Length(max=80, message=_LONG)]
    )


@monitor.get("/regions/<slug>/polls/<id:poll_id>/monitor")
def show(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = visible_poll(actor, region.id, poll_id)
    before = None if poll.closed_at else full_hour(clock.now())
    mac_key = mac_key_from(current_app.config["SECRET_KEY"])
    return render(
        "monitor/show.html",
        poll=poll,
        before=before,
        flags=flags_of_poll(actor, region.id, poll_id, mac_key=mac_key, before=before),
        burst_size=BURST_SIZE,
        burst_minutes=int(BURST_WINDOW.total_seconds()) // 60,
        shared_device_size=SHARED_DEVICE_SIZE,
    )


@monitor.route("/regions/<slug>/manage/networks", methods=["GET", "POST"])
def networks(slug: str) -> ResponseReturnValue:
    region, form = current_region(), NetworkForm()
    if form.validate_on_submit():
        with form.refusals():
            list_network(
                actor=signed_in_actor(),
                region_id=region.id,
                network=form.network.data or "",
                name=form.name.data or "",
            )
        if not form.errors:
            flash(_("The range is on the list."), "success")
            return see_other(url_for("monitor.networks", slug=slug))
    return render("monitor/networks.html", status=form.status, form=form, listed=staff_networks(region.id))


@monitor.post("/regions/<slug>/manage/networks/drop")
def drop(slug: str) -> ResponseReturnValue:
    network = request.form.get("network", "")
    drop_network(actor=signed_in_actor(), region_id=current_region().id, network=network)
    flash(_("The range is off the list."), "success")
    return see_other(url_for("monitor.networks", slug=slug))
