"""The published list of receipts: paged, as a file, and where one of them stands in it."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Regexp

from civicvote.blueprints.polls.blueprint import polls
from civicvote.domain.polls.queries import visible_poll
from civicvote.domain.polls.queries_receipts import all_receipts, end_of_voting, inclusion_of, listed_receipts
from civicvote.kernel import ids
from civicvote.web import throttle
from civicvote.web.auth import current_actor
from civicvote.web.forms import Form
from civicvote.web.htmx import render
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit, client_network


def _without_gaps(code: str | None) -> str:
    """A receipt is printed in groups; who copies it copies the gaps too."""
    return "".join((code or "").split()).lower()


class ReceiptForm(Form):
    """Asks only: the code stands in the address, and nothing is stored."""

    class Meta(Form.Meta):
        csrf = False

    code = StringField(
        _l("Code of the receipt"),
        filters=[_without_gaps],
        description=_l("64 characters, digits and the letters a to f. Gaps do not matter."),
        validators=[
            Regexp(r"\A[0-9a-f]{64}\Z", message=_l("A receipt has 64 characters: digits and the letters a to f."))
        ],
    )


@polls.get("/regions/<slug>/polls/<id:poll_id>/receipts")
def receipts(slug: str, poll_id: int) -> ResponseReturnValue:
    region, cursor = current_region(), request.args.get("after")
    poll = visible_poll(current_actor(), region.id, poll_id)
    form = ReceiptForm(request.args)
    is_asked = "code" in request.args and form.validate()
    return render(
        "polls/receipts.html",
        status=422 if form.errors else 200,
        poll=poll,
        form=form,
        is_asked=is_asked,
        ending=end_of_voting(region.id, poll_id),
        inclusion=inclusion_of(region.id, poll_id, form.code.data) if is_asked else None,
        listed=listed_receipts(region.id, poll_id, cursor=cursor),
        cursor=cursor,
    )


@polls.get("/regions/<slug>/polls/<id:poll_id>/receipts/text")
def receipts_text(slug: str, poll_id: int) -> ResponseReturnValue:
    """One receipt a line, in the order of the list. Who has the list of this root is told so and gets it no second
    time."""
    poll = visible_poll(current_actor(), current_region().id, poll_id)
    root = end_of_voting(poll.region_id, poll.id).receipts_root
    if root and request.if_none_match.contains_weak(root):
        return _as_of(root, Response(status=304))
    throttle.spend(Limit.RECEIPTS, client_network())
    response = Response("".join(f"{code}\n" for code in all_receipts(poll.region_id, poll.id)), mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename=receipts-{slug}-{ids.encode(poll_id)}.txt"
    return _as_of(root, response)


def _as_of(root: str | None, response: Response) -> Response:
    """To be kept, and asked for again each time: the list is fixed with the closing, the address is there before."""
    if root:
        response.set_etag(root)
    response.cache_control.no_cache = True
    return response
