/* Buttons that need the browser: copying an address, its own way to pass things on, printing. */
(() => {
  "use strict";

  const box = document.querySelector("[data-share]");
  if (!box) return;
  const address = box.querySelector("[data-share-address]");
  const status = box.querySelector("[data-share-status]");

  const offer = (name, act) => {
    const button = box.querySelector(`[data-share-${name}]`);
    button.hidden = false;
    button.addEventListener("click", act);
  };

  address.addEventListener("focus", () => address.select());

  /* Where the clipboard is shut to pages (no TLS), the address stands selected, ready for the keyboard. */
  offer("copy", async (event) => {
    try {
      await navigator.clipboard.writeText(box.dataset.share);
      status.textContent = event.target.dataset.done;
    } catch {
      address.focus();
    }
  });
  if (navigator.share) {
    offer("native", () => {
      const { share: url, title, text } = box.dataset;
      navigator.share({ title, text, url }).catch(() => {});
    });
  }
  offer("print", () => window.print());
})();
