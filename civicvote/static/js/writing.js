/* A form that saves itself as a draft, and counts its characters. Without this file the button keeps the draft. */
(() => {
  "use strict";

  const ID = "draft-state";
  const RETRY_MS = 15000;
  const stateOf = () => document.getElementById(ID);
  const isFrom = (event, id) => Boolean(event.detail && event.detail.elt && event.detail.elt.id === id);
  const isSave = (event) => isFrom(event, ID);
  /* Nobody asked for it aloud, so nobody is told that it failed. */
  const isAside = (event) => isFrom(event, "similar-typed");

  /* What was sent is what the leaving page need not ask about once it is stored (see civicvote.js). */
  let sent = new Map();
  let changed = false;

  const say = (text) => {
    const line = stateOf() && stateOf().querySelector(".draft-line");
    if (!line || !text) return;
    line.classList.add("draft-line--wrong");
    line.textContent = text;
  };

  const save = () => { if (changed && stateOf()) window.htmx.trigger(stateOf(), "draft:save"); };

  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.querySelector(`#${ID}`)) changed = true;
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSave(event)) return;
    sent = new Map([...stateOf().closest("form").querySelectorAll("textarea")].map((area) => [area, area.value]));
    changed = false;
  }, true);

  /* A save that fails never takes the page, its focus or its text away: it says so in its own line. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (isAside(event) && event.detail.xhr.status !== 200) event.preventDefault();
    if (!isSave(event)) return;
    const { xhr } = event.detail;
    const isAnswer = (xhr.status === 200 || xhr.status === 422) && !xhr.getResponseHeader("HX-Redirect");
    if (!isAnswer) {
      event.preventDefault();
      changed = true;
      say(stateOf().dataset.failed);
    } else if (xhr.status === 200 && !/id="note-body"[^>]*>\s*<p/.test(xhr.responseText)) {
      sent.forEach((text, area) => { if (area.isConnected) area.defaultValue = text; });
    } else {
      changed = true;
    }
  }, true);

  const failed = (event) => {
    if (!isSave(event) && !isAside(event)) return;
    event.stopPropagation();
    if (isAside(event)) return;
    changed = true;
    say(stateOf() && stateOf().dataset.lost);
    window.setTimeout(save, RETRY_MS);
  };
  document.addEventListener("htmx:sendError", failed, true);
  document.addEventListener("htmx:timeout", failed, true);

  /* Somebody takes a call, or looks something up: the page may not come back. */
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });

  /* Characters as people count them: composed, white space at the ends left out. */
  const lengthOf = (text) => [...text.normalize("NFC").trim()].length;
  const NEAR = 20;

  const words = () => document.querySelector("[data-counter-left]");
  const fill = (pattern, number) => pattern.replace("#", String(number));

  const count = (control, heard) => {
    const most = Number(control.dataset.counter);
    const left = most - lengthOf(control.value);
    const { counterLeft, counterOver } = words().dataset;
    let shown = control.nextElementSibling;
    if (!shown || !shown.classList.contains("counter")) {
      shown = document.createElement("p");
      shown.className = "counter";
      shown.setAttribute("aria-hidden", "true");
      const spoken = document.createElement("span");
      spoken.className = "visually-hidden";
      spoken.setAttribute("role", "status");
      control.after(shown, spoken);
    }
    const text = left < 0 ? fill(counterOver, -left) : fill(counterLeft, left);
    shown.textContent = text;
    shown.classList.toggle("counter--over", left < 0);
    /* Read out only near the end and beyond it, and only once typing pauses. */
    if (heard) shown.nextElementSibling.textContent = left <= NEAR ? text : "";
  };

  const controls = (root) => (words() ? root.querySelectorAll("[data-counter]") : []);
  const pauses = new WeakMap();
  document.addEventListener("input", (event) => {
    if (!event.target.dataset || !event.target.dataset.counter || !words()) return;
    count(event.target, false);
    window.clearTimeout(pauses.get(event.target));
    pauses.set(event.target, window.setTimeout(() => count(event.target, true), 1500));
  });
  controls(document).forEach((control) => count(control, false));
  document.addEventListener("htmx:load", (event) => controls(event.target).forEach((control) => count(control, false)));
})();
