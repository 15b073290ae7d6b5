"""What somebody is writing is kept while they write, so that a lost connection or a ringing phone costs nothing."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.threads.blueprint import threads
from civicvote.blueprints.threads.hosting import comment_named, host
from civicvote.blueprints.threads.writing import box_page
from civicvote.domain.proposals.policy import require_supportable
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.threads.services import answerable_comment
from civicvote.domain.threads.services_drafts import DraftPlace, keep_draft
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.discussion import CommentForm, thread_links
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.throttle import Limit


@threads.post("/draft")
def draft(slug: str, thread_id: int) -> ResponseReturnValue:
    """Keep the text of the box or of a reply. htmx gets a line that says so."""
    view, round_ = host(thread_id)
    require_supportable(view.proposal)
    require_open(round_, Permission.COMMENT_POST)
    form, actor = CommentForm(), signed_in_actor()
    parent_id = comment_named(form.parent.data)
    if parent_id is not None:
        answerable_comment(view.thread, parent_id)
    is_kept = False
    with form.refusals():
        if form.validate_on_submit():
            throttle.spend(Limit.DRAFT, actor.person_id)
            place = DraftPlace(view.thread, parent_id or 0)
            is_kept = keep_draft(actor=actor, place=place, body=form.body.data or "", stance=Stance(form.stance.data))
    if wants_fragment():
        return render(
            "threads/_draft_note.html", status=form.status, form=form, saved_at=clock.now() if is_kept else None
        )
    if form.errors:
        return box_page(view, round_, form, parent_id)
    flash(_("Your text is kept. It is here again when you come back to this discussion."), "success")
    links = thread_links(view)
    return see_other(f"{links.comments}{ids.encode(parent_id)}" if parent_id else f"{links.proposal}#thread")
