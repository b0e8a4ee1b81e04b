// The matrix of a matching run: one stop for the Tab key, arrow keys move between the pairs, a click explains one beside
// the table (`data-tw-matrix` names the place). Without this script every cell is a link like any other.
(() => {
  "use strict";

  const cellsOf = (table) => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td > a")]);

  const makeStop = (table, cell) => {
    for (const other of table.querySelectorAll('td > a[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
  };

  const prepare = () => {
    for (const table of document.querySelectorAll("[data-tw-matrix]:not([data-tw-ready])")) {
      const cells = table.querySelectorAll("td > a");
      if (!cells.length) continue;
      for (const cell of cells) cell.tabIndex = -1;
      makeStop(table, table.querySelector(".sel") || cells[0]);
      table.dataset.twReady = "";
    }
  };

  const target = (cells, row, column, event) => {
    switch (event.key) {
      case "ArrowUp": return [row - 1, column];
      case "ArrowDown": return [row + 1, column];
      case "ArrowLeft": return [row, column - 1];
      case "ArrowRight": return [row, column + 1];
      case "Home": return [event.ctrlKey ? 0 : row, 0];
      case "End": return [event.ctrlKey ? cells.length - 1 : row, cells[row].length - 1];
      default: return null;
    }
  };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-tw-matrix] td > a");
    if (!cell) return;
    const cells = cellsOf(cell.closest("table"));
    const row = cells.findIndex((line) => line.includes(cell));
    const aim = target(cells, row, cells[row].indexOf(cell), event);
    if (!aim) return;
    event.preventDefault();
    const next = cells[aim[0]]?.[aim[1]];
    if (next) {
      makeStop(cell.closest("table"), next);
      next.focus();
    }
  });

  document.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-tw-matrix] td > a");
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const table = cell.closest("table");
    if (window.htmx) {
      event.preventDefault();
      window.htmx.ajax("GET", cell.search, { source: cell, target: table.dataset.twMatrix, swap: "innerHTML" });
    }
    for (const other of table.querySelectorAll(".sel")) {
      other.classList.remove("sel");
      other.removeAttribute("aria-current");
    }
    cell.classList.add("sel");
    cell.setAttribute("aria-current", "true");
    makeStop(table, cell);
  });

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSwap", prepare);
  if (document.readyState !== "loading") prepare();
})();
