// Twinning: small help on top of pages that work without it. No dependencies; everything hangs on data-tw-* attributes.
// Listeners sit on the document, so parts that htmx swaps in need no second start.
(() => {
  "use strict";

  const on = (type, handler) => document.addEventListener(type, handler);
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  // --- Dialogs: <a href="/confirm/" data-tw-dialog="id"> opens <dialog id="id">; without script the link is followed.
  on("click", (event) => {
    const opener = closest(event, "[data-tw-dialog]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const dialog = document.getElementById(opener.dataset.twDialog);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  });
  on("click", (event) => {
    const button = closest(event, "[data-tw-close]");
    if (button) button.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close(); // a press beside the sheet
  });

  // --- Menus: one open at a time; Escape and a press elsewhere close it.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("[data-tw-menu][open]")) if (menu !== except) menu.open = false;
  };
  on("click", (event) => closeMenus(closest(event, "[data-tw-menu]")));
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-tw-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // --- Tables: <table data-tw-sort>, heads with <button data-tw-sort-by>. A cell may carry data-tw-value to sort by.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell ? (cell.dataset.twValue ?? cell.textContent.trim()) : "";
  };
  const compare = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" }).compare;
  on("click", (event) => {
    const button = closest(event, "[data-tw-sort-by]");
    const table = button?.closest("table[data-tw-sort]");
    if (!table) return;
    const head = button.closest("th");
    const column = head.cellIndex;
    const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, value: valueOf(row, column) }));
    rows.sort((a, b) => {
      if (!a.value !== !b.value) return a.value ? -1 : 1; // what is empty stays last
      return sign * compare(a.value, b.value) || a.place - b.place;
    });
    body.append(...rows.map((entry) => entry.row));
  });

  // --- Copying an address.
  on("click", async (event) => {
    const button = closest(event, "[data-tw-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.twCopy);
    } catch {
      button.closest(".input-group")?.querySelector("input")?.select();
      return;
    }
    const before = button.textContent;
    button.textContent = button.dataset.twDone || before;
    setTimeout(() => { button.textContent = before; }, 2000);
  });

  // --- Filling in: <button data-tw-fill="login=…&password=…"> writes values into the fields of these names.
  on("click", (event) => {
    const button = closest(event, "[data-tw-fill]");
    if (!button) return;
    let last = null;
    for (const [name, value] of new URLSearchParams(button.dataset.twFill)) {
      const field = document.querySelector(`[name="${CSS.escape(name)}"]`);
      if (field) (last = field).value = value;
    }
    last?.focus();
  });

  // --- Filters: <form data-tw-filter> sends itself when a choice changes.
  on("change", (event) => {
    const form = closest(event, "form[data-tw-filter]");
    if (form && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });

  // --- A day that does not exist (31 February): browsers send an empty field for it, and what stood there would be erased
  // without a word. The form stays where it is, and the browser says what is wrong, in its reader's language.
  document.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) return;
    const unreadable = [...event.target.elements].find((control) => control.validity?.badInput);
    if (!unreadable) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    unreadable.closest("details")?.setAttribute("open", "");
    unreadable.reportValidity();
  }, true);

  // --- Live parts: <div data-tw-stream="/stream/…" data-tw-refresh="#part [data-tw-from=/page/]">.
  // Each message asks htmx for the named part of the page anew; what it says is only a hint. A hidden tab listens to nothing.
  const streams = new Map();
  const refresh = (element) => {
    const target = document.querySelector(element.dataset.twRefresh);
    if (!target || !window.htmx) return;
    const address = element.dataset.twFrom || location.href;
    window.htmx.ajax("GET", address, { target, select: element.dataset.twRefresh, swap: "outerHTML" });
  };
  const listen = (element) => {
    if (streams.has(element) || document.hidden || !("EventSource" in window)) return;
    const source = new EventSource(element.dataset.twStream);
    let waiting = 0;
    const hint = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => refresh(element), 150); // several hints at once cost one request
    };
    source.onmessage = hint;
    for (const name of (element.dataset.twEvents || "").split(" ").filter(Boolean)) source.addEventListener(name, hint);
    source.addEventListener("close", () => { source.close(); streams.delete(element); }); // the server has no more to say
    streams.set(element, source);
  };
  const tune = () => {
    for (const [element, source] of streams) {
      if (document.hidden || !element.isConnected) {
        source.close();
        streams.delete(element);
      }
    }
    if (!document.hidden) document.querySelectorAll("[data-tw-stream]").forEach(listen);
  };
  on("visibilitychange", tune);
  on("htmx:afterSettle", tune);
  window.addEventListener("pagehide", () => { for (const source of streams.values()) source.close(); streams.clear(); });
  window.addEventListener("pageshow", tune);

  // --- A session that has ended during an htmx request: go to the sign-in page instead of showing it inside a part.
  on("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/accounts/login/")) {
      event.preventDefault();
      location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
  });

  // --- At the start: show what needs script, put the focus on a summary of errors.
  const start = (root) => {
    for (const button of root.querySelectorAll("[data-tw-copy][hidden], [data-tw-fill][hidden]")) button.hidden = false;
    root.querySelector("[data-tw-focus]")?.focus();
  };
  start(document);
  on("htmx:afterSwap", (event) => start(event.target));
  tune();
})();
