/* Before any script of the page: knows whether something that was begun is still to come. A page is still when it and its
   fonts are there, no script waits for an answer, no short pause of a script runs, htmx has put in what came, and nobody
   is on the way to another page. window.whenStill(ms) tells whether it got still in that time. */
(() => {
  "use strict";

  /* A longer pause waits for a person, or for a time at which news may have come. */
  const SHORT_MS = 600;
  const pauses = new Set();
  const { setTimeout: later, clearTimeout: never, fetch: ask } = window;
  window.setTimeout = (act, pause = 0, ...given) => {
    if (pause > SHORT_MS) return later(act, pause, ...given);
    const number = later(() => { pauses.delete(number); act(...given); }, pause);
    pauses.add(number);
    return number;
  };
  window.clearTimeout = (number) => { pauses.delete(number); never(number); };

  let asked = 0;
  const answered = () => { asked -= 1; };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...given) {
    asked += 1;
    this.addEventListener("loadend", answered);
    return send.apply(this, given);
  };
  /* The copy is read to its end when the answer is; what is done with it follows at once. */
  window.fetch = (...given) => {
    asked += 1;
    const answer = ask(...given);
    answer.then((made) => made.clone().arrayBuffer()).catch(() => {}).finally(() => later(answered, 0));
    return answer;
  };

  let leaves = false;
  const leave = () => { leaves = true; };
  const stay = () => { leaves = false; };
  window.addEventListener("submit", (event) => {
    const button = event.submitter;
    const method = (button && button.getAttribute("formmethod")) || event.target.getAttribute("method");
    if (!event.defaultPrevented && method !== "dialog") leave();
  });
  window.navigation.addEventListener("navigate", (event) => {
    if (!event.destination.sameDocument && event.downloadRequest === null) leave();
  });
  window.navigation.addEventListener("navigateerror", stay);
  window.addEventListener("pageshow", stay);

  const UNDER_WAY = ".htmx-request, .htmx-settling, .htmx-swapping";
  const isStill = () =>
    document.readyState === "complete" && document.fonts.status === "loaded" && !leaves && !asked && !pauses.size &&
    !document.querySelector(UNDER_WAY);
  window.whenStill = (patience) => new Promise((tell) => {
    const end = performance.now() + patience;
    const look = () => {
      if (isStill() || performance.now() > end) tell(isStill());
      else later(look, 10);
    };
    look();
  });
})();
