/* What every page has: it moves the focus to where a person looks next, reads changes out, closes menus with Escape, and
   asks before typed text is thrown away. Every page works without this file. Apart from writing.js and threads.js, which
   only their own pages load, nothing else knows htmx's events. */
(() => {
  "use strict";

  const announcer = document.getElementById("announcer");

  const announce = (text) => {
    if (!announcer || !text) return;
    announcer.textContent = "";
    /* A live region that gets the same words again stays silent unless it was empty for a moment. */
    window.setTimeout(() => { announcer.textContent = text; }, 50);
  };

  const focusOn = (element) => {
    if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: false });
    if (element instanceof HTMLTextAreaElement) element.setSelectionRange(element.value.length, element.value.length);
  };

  const within = (root, selector) =>
    root.matches && root.matches(selector) ? root : root.querySelector && root.querySelector(selector);

  /* What a full page does on arrival and a fragment after its swap: refused forms come first. */
  const receive = (root) => {
    const wanted = within(root, "#error-summary") || within(root, "#error-report") || within(root, "[data-focus]");
    if (wanted) focusOn(wanted);
    const spoken = within(root, "[data-announce]");
    if (spoken) announce(spoken.dataset.announce);
  };

  const summary = document.getElementById("error-summary");
  if (summary) focusOn(summary);

  /* A reply that was posted here a moment ago comes once more with those still behind "show more". */
  const replaceTwins = (root) => {
    if (!root.id) return;
    document.querySelectorAll(`#${CSS.escape(root.id)}`).forEach((twin) => { if (twin !== root) twin.remove(); });
  };

  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    replaceTwins(event.target);
    receive(event.target);
  });

  /* Flask-WTF wants the token on every unsafe request; a button outside a form borrows the page's. */
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, headers, elt } = event.detail;
    if (verb === "get") return;
    const form = elt.closest("form");
    const token = (form && form.elements.csrf_token) || document.querySelector("input[name=csrf_token]");
    if (token) headers["X-CSRFToken"] = token.value;
  });

  /* A door asks for a second factor on a page of its own, which carries the form along: the form goes there as a page. */
  let pressed = null;
  document.addEventListener("submit", (event) => { pressed = event.submitter; }, true);
  document.addEventListener("civicvote:send-as-page", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    if (pressed && pressed.form === form && pressed.name) {
      const chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = pressed.name;
      chosen.value = pressed.value;
      form.append(chosen);
    }
    form.submit();
  });

  /* A refusal that comes as a whole page belongs above this page, not into the part that asked. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const swap = event.detail;
    const messages = document.getElementById("messages");
    if (!swap.isError && swap.xhr.status !== 422) return;
    if (!messages || !swap.serverResponse.includes('id="error-report"')) return;
    swap.target = messages;
    swap.selectOverride = "#error-report";
    swap.swapOverride = "innerHTML";
    swap.ignoreTitle = true;
  });

  const sayOffline = () => {
    const messages = document.getElementById("messages");
    const text = announcer && announcer.dataset.offline;
    if (!messages || !text) return;
    const box = document.createElement("p");
    box.className = "notice notice--danger";
    box.textContent = text;
    messages.replaceChildren(box);
    focusOn(box);
  };
  document.addEventListener("htmx:sendError", sayOffline);
  document.addEventListener("htmx:timeout", sayOffline);

  const openMenus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* Only long texts are worth a question. */
  const touched = new Set();
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.form) touched.add(event.target);
  });
  document.addEventListener("submit", (event) => {
    touched.forEach((area) => { if (area.form === event.target) touched.delete(area); });
  });
  window.addEventListener("beforeunload", (event) => {
    for (const area of touched) {
      if (area.isConnected && area.value.trim() && area.value !== area.defaultValue) { event.preventDefault(); return; }
    }
  });
})();
