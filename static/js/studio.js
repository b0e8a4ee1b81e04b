// The studio's sliders: each stands beside a number field that holds the value. Without this script the numbers do all.
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

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSwap", prepare);
  if (document.readyState !== "loading") prepare();
})();
