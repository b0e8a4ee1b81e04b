// The point of the agenda that runs now: what is left of it is counted here. News of it come from the board's own script, or on pages
// without a board from the stream that the page names. Without this file the page says until when it takes.
(() => {
  "use strict";

  const box = () => document.querySelector("[data-agenda]");
  const first = box();
  if (!first) return;
  const ahead = new Date(first.dataset.now) - Date.now(); // a clock that goes wrong shall not take minutes from anybody
  let overSaid = "";

  const say = (words) => {
    const voice = document.querySelector("[data-agenda-say]");
    if (voice) voice.textContent = words;
  };

  const tick = () => {
    const shown = box();
    if (!shown || shown.hidden) return;
    const left = shown.querySelector("[data-agenda-left]");
    const { ends, wordLeft, wordOver } = shown.dataset;
    const seconds = ends ? Math.ceil((new Date(ends) - Date.now() - ahead) / 1000) : 1;
    shown.classList.toggle("is-over", seconds <= 0);
    if (!ends) left.textContent = "";
    else if (seconds > 0) left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${wordLeft}`;
    else {
      left.textContent = wordOver;
      if (overSaid !== ends) say(`${shown.querySelector("[data-agenda-point]").textContent}: ${wordOver}`);
      overSaid = ends;
    }
  };

  const show = (told) => {
    const shown = box();
    const point = shown.querySelector("[data-agenda-point]");
    if (point.textContent !== told.point) say(told.point ? `${shown.querySelector("h2").textContent}: ${told.point}` : shown.dataset.wordNone);
    point.textContent = told.point;
    shown.hidden = !told.point;
    shown.dataset.ends = told.ends_at;
    shown.querySelector("[data-agenda-next]").textContent = told.next ? `${shown.dataset.wordNext} ${told.next}` : "";
    tick();
  };
  document.addEventListener("twinning:agenda", (event) => show(event.detail));

  if (first.dataset.stream) {
    new EventSource(first.dataset.stream).addEventListener("board", (event) => show(JSON.parse(event.data).data));
  }
  document.addEventListener("htmx:afterSwap", tick);
  setInterval(tick, 1000);
  tick();
})();
