// The studio's sliders, each beside a number field that holds the value, and where the focus goes after an act. Without
// this script the numbers do all, and pages load anew.
(() => {
  "use strict";

  const prepare = () => {
    for (const range of document.querySelectorAll("[data-tw-range][hidden]")) {
      const field = document.getElementById(range.dataset.twRange);
      if (!field || field.readOnly) continue;
      range.value = field.value;
      range.hidden = false;
    }
  };

  document.addEventListener("input", (event) => {
    const range = event.target.closest("[data-tw-range]");
    if (range) {
      document.getElementById(range.dataset.twRange).value = range.value;
      return;
    }
    const partner = event.target.id && document.querySelector(`[data-tw-range="${event.target.id}"]`);
    if (partner) partner.value = event.target.value;
  }, true);

  // An act replaces the studio, and the button that was pressed with it. Whoever pressed it goes on at what the act did.
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement !== document.body) return;
    const places = ["#studio > .alert", "#studio [data-tw-effect]", "#studio .studio-said > div"];
    const said = places.map((place) => document.querySelector(place)).find(Boolean);
    if (!said) return;
    said.tabIndex = -1;
    said.focus();
  });

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSwap", prepare);
  if (document.readyState !== "loading") prepare();
})();
