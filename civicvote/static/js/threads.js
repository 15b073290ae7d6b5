/* A discussion in place: forms below their comments, ratings, drafts that keep themselves, news. Without this file all of
   it stands on pages of its own. */
(() => {
  "use strict";

  /* What asks by itself is silent when it gets no answer, and draws nobody's focus; a draft says so in its own line. */
  const quietOf = (event) => {
    const { elt, requestConfig } = event.detail;
    const asked = (requestConfig && requestConfig.elt) || elt;
    return asked && asked.matches("[data-quiet]") ? asked : null;
  };
  const isNews = (element) => element.id === "news";
  const stayQuiet = (element) => {
    const form = element.closest("form");
    const note = form && form.querySelector("[data-unkept]");
    if (note) note.textContent = note.dataset.unkept;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = quietOf(event);
    const { status } = event.detail.xhr;
    if (!asked || status < 400 || status === 422) return;
    event.detail.shouldSwap = false;
    stayQuiet(asked);
    if (isNews(asked)) asked.remove();
  });

  /* Offline, only a draft says so: the next look at the news comes by itself. */
  const offline = (event) => {
    const asked = quietOf(event);
    if (!asked) return;
    event.stopPropagation();
    if (!isNews(asked)) stayQuiet(asked);
  };
  document.addEventListener("htmx:sendError", offline, true);
  document.addEventListener("htmx:timeout", offline, true);

  /* Of a text that is kept on the server nothing is lost when the page is left (see civicvote.js). */
  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asked = quietOf(event);
    if (asked instanceof HTMLTextAreaElement) sent.set(asked, asked.value);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (sent.has(elt) && xhr.status >= 200 && xhr.status < 400) elt.defaultValue = sent.get(elt);
  });

  /* What one posted here oneself is no news. */
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!isNews(elt)) return;
    const own = document.querySelectorAll("#comments .comment--posted");
    const roots = [...own].filter((comment) => comment.parentElement.id === "comments");
    parameters.own = roots.length;
    parameters.own_replies = own.length - roots.length;
  });

  /* A quote is what was selected in the comment, or how the comment begins. */
  const selectedIn = (text) => {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !text.contains(selection.getRangeAt(0).commonAncestorContainer)) return {};
    return { passage: selection.toString().trim().slice(0, 1000) };
  };

  const slotBelow = (actions) => {
    const next = actions.nextElementSibling;
    if (next && next.matches(".comment__slot")) return next;
    const slot = document.createElement("div");
    slot.className = "comment__slot";
    actions.after(slot);
    return slot;
  };

  /* What can be done with a comment is said eighty times on a page: the links and buttons there are bare, and what htmx
     must know of them stands here. A form opens below its comment; a rating renews its own two buttons. */
  document.addEventListener("click", (event) => {
    if (!window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".comment__actions > a[href*='/reply'], .comment__actions > a[href$='/edit']");
    const rating = event.target.closest("button[form=rate]");
    if (!link && !rating) return;
    event.preventDefault();
    const comment = event.target.closest(".comment");
    if (link) {
      const values = link.search ? selectedIn(comment.querySelector(".comment__text")) : {};
      window.htmx.ajax("GET", link.href, { source: link, target: slotBelow(link.parentElement), values });
      return;
    }
    const place = [...rating.parentElement.children].indexOf(rating);
    window.htmx
      .ajax("POST", rating.form.action, {
        source: rating, target: rating.parentElement, swap: "outerHTML", values: { [rating.name]: rating.value },
      })
      .then(() => comment.querySelectorAll(".rating > button")[place].focus());
  });

  /* News of a discussion: asked for while somebody looks at the page, ever less often, and not for ever. */
  const LONGEST_WAIT = 10 * 60 * 1000;
  const LOOKING_ENDS = 3 * 60 * 60 * 1000;
  let wait = 45 * 1000;
  const look = () => {
    const box = document.getElementById("news");
    if (!box || performance.now() > LOOKING_ENDS) return;
    if (document.visibilityState === "visible" && !box.childElementCount) {
      box.dispatchEvent(new CustomEvent("civicvote:look"));
      wait = Math.min(wait * 1.25, LONGEST_WAIT);
    }
    window.setTimeout(look, wait);
  };
  window.setTimeout(look, wait);
})();
