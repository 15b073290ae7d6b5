/* The ballot in place: what is shown narrows without a page, a ranking moves by buttons, details open in a dialog. Without
   this file the same form narrows and adds up by its buttons, and details are a page. */
(() => {
  "use strict";

  const form = document.querySelector("[data-ballot]");
  if (!form) return;

  const rows = [...form.querySelectorAll(".option")];
  const narrows = [...form.querySelectorAll("[data-narrow]")];
  const noneShown = form.querySelector("[data-none-shown]");

  /* What is hidden stays in the form, so nothing that was chosen is lost. */
  const narrow = () => {
    rows.forEach((row) => {
      row.hidden = narrows.some((select) => select.value && row.dataset[select.dataset.narrow] !== select.value);
    });
    if (noneShown) noneShown.hidden = rows.some((row) => !row.hidden);
  };
  narrows.forEach((select) => {
    select.addEventListener("change", (event) => {
      event.stopPropagation();
      narrow();
    });
  });

  const placeOf = (row) => row.querySelector("input[name^=number-]");

  /* Up from no place is the last place; down from the last is no place. */
  const move = (row, step) => {
    const ranked = rows.filter((each) => Number(placeOf(each).value) > 0)
      .sort((a, b) => Number(placeOf(a).value) - Number(placeOf(b).value));
    const at = ranked.indexOf(row);
    if (at < 0) {
      if (step > 0) return;
      ranked.push(row);
    } else if (at + step >= ranked.length) {
      ranked.splice(at, 1);
    } else if (at + step >= 0) {
      ranked.splice(at, 1);
      ranked.splice(at + step, 0, row);
    }
    rows.forEach((each) => { placeOf(each).value = String(ranked.indexOf(each) + 1 || ""); });
    placeOf(row).dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.querySelectorAll("[data-move]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => move(button.closest(".option"), Number(button.dataset.move)));
  });

  const dialog = document.getElementById("option-dialog");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!dialog || event.detail.target.id !== "option-details" || dialog.open) return;
    dialog.showModal();
  });
})();
