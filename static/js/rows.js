// Rows of a draft: sorted by drag, pasted with their table. Everything here also works with buttons and without script.
//
// <div data-tw-rows> holds rows [data-tw-row]; the buttons "move" of a row carry the address, `to` its place from 1.
// <textarea data-tw-paste> takes a table out of what a spreadsheet or text program copies, and drops its styling.
(() => {
  "use strict";

  // --- Drag: a row can be taken at its name. Dropping presses the row's own button with another place.
  const move = (row, to) => {
    const button = row.querySelector("button[name=to]");
    if (!button) return;
    button.value = String(to);
    button.click(); // the form saves itself first, then the row moves
  };
  for (const box of document.querySelectorAll("[data-tw-rows]")) {
    const rows = () => [...box.querySelectorAll(":scope > [data-tw-row]")];
    let taken = null;
    for (const row of rows()) {
      const handle = row.querySelector("summary, .line");
      if (!handle || !row.querySelector("button[name=to]")) continue;
      handle.draggable = true;
      handle.addEventListener("dragstart", (event) => {
        taken = row;
        row.classList.add("taken");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(row, 12, 12);
      });
      handle.addEventListener("dragend", () => {
        row.classList.remove("taken");
        for (const each of rows()) each.classList.remove("before", "after");
        taken = null;
      });
    }
    box.addEventListener("dragover", (event) => {
      const over = event.target instanceof Element ? event.target.closest("[data-tw-row]") : null;
      if (!taken || !over || over.parentElement !== box) return;
      event.preventDefault();
      const all = rows();
      for (const each of all) each.classList.remove("before", "after");
      if (over !== taken) over.classList.add(all.indexOf(over) < all.indexOf(taken) ? "before" : "after");
    });
    box.addEventListener("drop", (event) => {
      const over = event.target instanceof Element ? event.target.closest("[data-tw-row]") : null;
      if (!taken || !over || over === taken || over.parentElement !== box) return;
      event.preventDefault();
      move(taken, rows().indexOf(over) + 1);
    });
  }

  // --- Paste: of a table with markup its cells stay, divided by tabs; a cell with line ends stands in quotes.
  const quoted = (text) => (/["\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cellText = (cell) => {
    for (const end of cell.querySelectorAll("br, p + p, li + li")) end.before("\n");
    return cell.textContent.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
  };
  for (const field of document.querySelectorAll("[data-tw-paste]")) {
    field.addEventListener("paste", (event) => {
      const markup = event.clipboardData?.getData("text/html");
      if (!markup) return;
      const table = new DOMParser().parseFromString(markup, "text/html").querySelector("table");
      if (!table) return;
      event.preventDefault();
      const lines = [...table.rows].map((row) => [...row.cells].map((cell) => quoted(cellText(cell))).join("\t"));
      field.setRangeText(lines.join("\n"), field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
