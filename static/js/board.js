// The board, live. The outline works without this file; here its pages follow what others do, and the canvas is drawn.
// One list of notes (`notes`), changed by acts that the server has numbered; what is written off-line waits in the browser.
(() => {
  "use strict";

  const element = document.getElementById("board-settings");
  if (!element) return;
  const settings = JSON.parse(element.textContent);
  const canvas = document.querySelector("[data-board-canvas]");
  const outline = document.querySelector("[data-board-outline]");
  const status = document.querySelector("[data-board-status]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const notes = new Map(); // code -> what the server told of it
  const drawn = new Map(); // code -> element
  let sequence = 0;

  const say = (words) => {
    if (status && status.textContent !== words) status.textContent = words;
  };

  document.querySelector(".roomtabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // --- Sending: every act has a name of its own, so that sending twice does it once. What cannot be sent waits. ---------

  const store = `twinning-board:${settings.guest}`;
  const waiting = (() => {
    try {
      return JSON.parse(localStorage.getItem(store)) || [];
    } catch {
      return [];
    }
  })();
  const keep = () => {
    try {
      localStorage.setItem(store, JSON.stringify(waiting));
    } catch {
      // a full or closed store: the page still holds what waits
    }
  };
  let sending = false;

  const send = (act, data) => {
    waiting.push({ act, data, client_id: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` });
    keep();
    return flush();
  };

  const flush = async () => {
    if (sending) return;
    sending = true;
    try {
      while (waiting.length) {
        const answer = await fetch(settings.act, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token },
          body: JSON.stringify(waiting[0]),
        });
        if (answer.status >= 500) throw new Error(String(answer.status));
        const body = await answer.json();
        waiting.shift();
        keep();
        if (answer.ok) apply(body.act, body.data);
        else {
          say(body.error);
          await load(); // what was drawn in advance is put right
        }
      }
      say(settings.words.online);
    } catch {
      say(settings.words.offline);
      setTimeout(flush, 2000);
    } finally {
      sending = false;
    }
  };

  // --- What happened ------------------------------------------------------------------------------------------------------

  const apply = (act, data) => {
    if (act === "undo") return apply(data.act, data.data);
    if (act === "set_board" || act === "set_timer") {
      const isRevealed = data.private !== settings.private;
      settings.private = data.private;
      refreshPage({ all: isRevealed });
      // Everybody needs the texts at once: not all of them in the same instant.
      if (isRevealed) setTimeout(load, settings.guides ? 0 : Math.random() * 800);
      return undefined;
    }
    if (act === "start_point" || act === "more_time" || act === "stop_agenda") {
      tellAgenda(data);
      if (settings.runs) refreshPage({ all: false });
      return undefined;
    }
    if (act === "import" || act === "end_import") {
      refreshPage({ all: true });
      return load();
    }
    if (act === "call") {
      say(settings.words.called);
      refreshPage({ all: false });
      if (data.called !== undefined && data.called !== settings.room) follow(data.called);
      return undefined;
    }
    if (act === "connect" || act === "disconnect") {
      for (const [one, other] of [[data.note, data.other], [data.other, data.note]]) {
        const note = notes.get(one);
        if (!note) continue;
        note.linked = (note.linked || []).filter((code) => code !== other);
        if (act === "connect") note.linked.push(other);
      }
      if (outline) refreshPage({ all: true });
      return drawLinks();
    }
    if (act === "vote" || act === "unvote") {
      const note = notes.get(data.note);
      if (note) {
        note.votes = data.votes;
        draw(note);
      }
      return undefined;
    }
    if (act === "name_group") {
      for (const note of notes.values()) if (note.group === data.group) Object.assign(note, { group_name: data.name }), draw(note);
      if (outline) refreshPage({ all: true });
      return undefined;
    }
    if (!data.note) return undefined;
    if (data.state === "removed") {
      notes.delete(data.note);
      drawn.get(data.note)?.remove();
      drawn.delete(data.note);
      if (outline) outlined(data.note)?.remove();
      return drawLinks();
    }
    const note = Object.assign(notes.get(data.note) || { votes: 0, linked: [], isNew: sequence > 0 }, data);
    if (!data.hidden) note.hidden = false;
    notes.set(data.note, note);
    draw(note);
    return drawLinks();
  };

  const tellAgenda = (detail) => document.dispatchEvent(new CustomEvent("twinning:agenda", { detail }));

  const follow = (room) => {
    if (document.querySelector("[data-board-compose] textarea")?.value.trim()) return; // the page says it, too: nobody loses what they write
    const address = new URL(location.href);
    address.searchParams.set("room", room);
    address.searchParams.delete("note");
    address.hash = "";
    if (canvas) location.assign(address);
  };

  const load = async () => {
    const answer = await fetch(settings.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const state = await answer.json();
    notes.clear();
    for (const item of drawn.values()) item.remove();
    drawn.clear();
    for (const note of state.notes) notes.set(note.note, note);
    sequence = state.sequence;
    tellAgenda(state.agenda);
    if (canvas) {
      arrange();
      const all = document.createDocumentFragment();
      for (const note of notes.values()) {
        const item = make(note);
        if (item) all.append(item);
      }
      canvas.append(all);
      drawLinks();
      canvas.dataset.ready = String(notes.size);
    }
  };

  // --- The canvas -----------------------------------------------------------------------------------------------------------

  const STEP = 20;
  let moving = null;

  // Notes that nobody has put anywhere stand in rows, so that they do not lie on each other.
  const arrange = () => {
    let place = 0;
    for (const note of notes.values()) {
      if (note.room !== settings.room || note.x || note.y) continue;
      note.shownX = 20 + (place % 10) * 240;
      note.shownY = 20 + Math.floor(place / 10) * 150;
      place += 1;
    }
  };

  const make = (note) => {
    if (note.room !== settings.room) return null;
    const item = document.createElement("div");
    item.className = "note";
    item.tabIndex = 0;
    item.setAttribute("role", "group");
    item.dataset.note = note.note;
    drawn.set(note.note, item);
    paint(note, item);
    return item;
  };

  const placeOf = (note) => [note.x || note.shownX || 20, note.y || note.shownY || 20];
  const put = (item, x, y) => {
    item.style.transform = `translate(${x}px, ${y}px)`; // no layout of the other notes
  };

  const paint = (note, item) => {
    item.className = `note t-${note.topic}${note.isNew ? " is-new" : ""}`;
    put(item, ...placeOf(note));
    const head = document.createElement("div");
    head.className = "notehead";
    head.textContent = [settings.topics[note.topic], note.city, votesOf(note)].filter(Boolean).join(" · ");
    const text = document.createElement("p");
    text.textContent = textOf(note);
    item.replaceChildren(head, text);
    if (note.group_name || note.state === "inbox") {
      const group = document.createElement("span");
      group.className = "notegroup";
      group.textContent = note.state === "inbox" ? settings.words.waits : note.group_name;
      item.append(group);
    }
    item.setAttribute("aria-label", `${head.textContent}: ${text.textContent}`);
  };
  const textOf = (note) => (note.hidden ? settings.words.hidden : note.text);
  const votesOf = (note) => (note.votes ? `${settings.words.votes}: ${note.votes}` : "");

  // What changed is drawn once before the next picture, however many events came in between.
  const changed = new Set();
  let areLinksOld = false;
  let frame = 0;
  const drawSoon = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      for (const code of changed) {
        const note = notes.get(code);
        if (note) (outline ? drawInOutline : drawOnCanvas)(note);
      }
      changed.clear();
      if (areLinksOld && lines) redrawLinks();
      count();
      areLinksOld = false;
    });
  };
  const count = () => {
    const inRoom = new Map();
    for (const note of notes.values()) if (note.state === "placed") inRoom.set(note.room, (inRoom.get(note.room) || 0) + 1);
    for (const tab of document.querySelectorAll("[data-board-rooms] [data-room]")) {
      tab.querySelector("small").textContent = inRoom.get(tab.dataset.room) || 0;
    }
    const all = document.querySelector("[data-board-count]");
    if (all) all.textContent = `${settings.words.notes}: ${notes.size}`;
  };
  const draw = (note) => {
    changed.add(note.note);
    drawSoon();
  };
  const drawLinks = () => {
    areLinksOld = true;
    drawSoon();
  };

  const drawOnCanvas = (note) => {
    if (!canvas) return;
    let item = drawn.get(note.note);
    if (item && note.room !== settings.room) {
      item.remove();
      drawn.delete(note.note);
      return;
    }
    if (moving && item === moving.item) return;
    if (item) paint(note, item);
    else {
      item = make(note);
      if (item) canvas.append(item);
    }
  };

  const lines = canvas && document.createElementNS("http://www.w3.org/2000/svg", "svg");
  if (lines) {
    lines.setAttribute("class", "links");
    lines.setAttribute("aria-hidden", "true");
    canvas.append(lines);
  }
  const redrawLinks = () => {
    const path = [];
    for (const note of notes.values()) {
      for (const code of note.linked || []) {
        const other = notes.get(code);
        if (!other || note.note > code || !drawn.has(note.note) || !drawn.has(code)) continue;
        const [[x1, y1], [x2, y2]] = [placeOf(note), placeOf(other)];
        path.push(`M${x1 + 110} ${y1 + 30}L${x2 + 110} ${y2 + 30}`);
      }
    }
    const one = document.createElementNS("http://www.w3.org/2000/svg", "path");
    one.setAttribute("d", path.join(""));
    lines.replaceChildren(one);
  };

  const placeAt = (note, x, y) => {
    note.x = Math.max(1, Math.min(settings.width, Math.round(x)));
    note.y = Math.max(1, Math.min(settings.height, Math.round(y)));
    draw(note);
    drawLinks();
  };

  if (canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      const item = event.target.closest(".note");
      if (!item || event.button) return;
      moving = { item, note: notes.get(item.dataset.note), fromX: event.clientX, fromY: event.clientY, place: placeOf(notes.get(item.dataset.note)), far: false };
      item.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!moving) return;
      const [dx, dy] = [event.clientX - moving.fromX, event.clientY - moving.fromY];
      if (!moving.far && Math.hypot(dx, dy) < 4) return;
      moving.far = true;
      moving.item.classList.add("is-moving");
      moving.at = [moving.place[0] + dx, moving.place[1] + dy];
      put(moving.item, ...moving.at);
    });
    const drop = () => {
      if (!moving) return;
      const { item, note, far, at } = moving;
      moving = null;
      item.classList.remove("is-moving");
      if (!far) return;
      placeAt(note, ...at);
      send("move_note", { note: note.note, x: note.x, y: note.y });
    };
    canvas.addEventListener("pointerup", (event) => {
      if (moving && !moving.far && event.button === 0) choose(moving.note.note, { moveFocus: false });
      drop();
    });
    canvas.addEventListener("pointercancel", drop);
    let settle = 0;
    canvas.addEventListener("keydown", (event) => {
      const item = event.target.closest(".note");
      if (!item) return;
      const note = notes.get(item.dataset.note);
      const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (step) {
        event.preventDefault();
        const [x, y] = placeOf(note);
        placeAt(note, x + step[0], y + step[1]);
        clearTimeout(settle); // one act for one row of presses
        settle = setTimeout(() => send("move_note", { note: note.note, x: note.x, y: note.y }), 400);
      } else if (event.key === "Enter") {
        event.preventDefault();
        choose(note.note, { moveFocus: true });
      }
    });
  }

  // --- What can be done with one note, beside the canvas: the forms of the outline, sent without leaving the page ---------

  const panel = document.querySelector("[data-board-chosen]");
  let chosen = new URL(location.href).searchParams.get("note") || "";

  const choose = async (code, { moveFocus }) => {
    chosen = code;
    const address = new URL(location.href);
    address.searchParams.set("note", code);
    const answer = await fetch(address);
    if (!answer.ok || !panel) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel.replaceChildren(...page.querySelector("[data-board-chosen]").childNodes);
    if (moveFocus) panel.querySelector("h2").focus();
  };

  panel?.addEventListener("submit", async (event) => {
    const sent = event.target.closest("[data-board-act]");
    if (!sent) return;
    event.preventDefault();
    const { act, ...data } = Object.fromEntries(new FormData(sent));
    for (const name of ["back", "as", "csrfmiddlewaretoken"]) delete data[name];
    await send(act, data);
    if (notes.get(chosen)?.room === settings.room) await choose(chosen, { moveFocus: true });
    else leavePanel();
  });
  const leavePanel = () => {
    (drawn.get(chosen) || canvas).focus();
    panel.querySelector(".notechange")?.remove();
  };
  panel?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leavePanel();
  });
  panel?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-board-done]")) return;
    event.preventDefault();
    leavePanel();
  });

  // --- Writing: without leaving the page, and off-line too -----------------------------------------------------------------

  const form = document.querySelector("[data-board-compose]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(form));
    for (const name of ["act", "as", "back", "csrfmiddlewaretoken"]) delete data[name];
    if (!data.text.trim()) return;
    if (canvas) {
      const place = canvas.parentElement;
      const here = [...drawn.values()].length;
      data.x = Math.round(place.scrollLeft + 40 + (here % 4) * 230);
      data.y = Math.round(place.scrollTop + 40 + (here % 12) * 24);
    }
    send("write_note", data);
    form.querySelector("textarea").value = "";
    form.querySelector("textarea").focus();
  });

  // --- Following -------------------------------------------------------------------------------------------------------------

  // The outline: a remark is put in its place; what changes the order of the page is fetched, not by everybody at the same moment.
  const outlined = (code) => outline.querySelector(`[id="${CSS.escape(code)}"]`);
  const drawInOutline = (note) => {
    let item = outlined(note.note);
    if (note.room !== settings.room) return item?.remove();
    const place = `${note.state} ${note.group || ""}`;
    if (!item) {
      const list = outline.querySelector("[data-notes-loose]");
      if (place !== "placed " || !list) return refreshPage({ all: true });
      const template = document.querySelector(`[data-note-template="${note.topic}"]`);
      item = template.content.firstElementChild.cloneNode(true);
      item.id = note.note;
      item.dataset.in = place;
      item.querySelector("[data-note-city]").textContent = note.city ? ` · ${note.city}` : "";
      const change = item.querySelector("[data-note-change]");
      if (change) change.href = `?room=${note.room}&note=${note.note}#${note.note}`;
      list.append(item);
    } else if (item.dataset.in !== place || !item.classList.contains(`t-${note.topic}`)) return refreshPage({ all: true });
    item.querySelector("[data-note-text]").textContent = textOf(note);
    const about = item.querySelector("[data-note-about]");
    if (about) about.textContent = `: ${textOf(note)}`;
    item.querySelector("[data-note-votes]").textContent = note.votes ? ` · ${votesOf(note)}` : "";
    return undefined;
  };

  let refresh = 0;
  let refreshed = 0;
  let everything = false;
  const refreshPage = ({ all }) => {
    everything ||= all;
    if (refresh) return;
    const wait = Math.max(Math.random() * 400, refreshed + 3000 + Math.random() * 2000 - Date.now());
    refresh = setTimeout(async () => {
      refresh = 0;
      const busy = document.activeElement.matches("input, textarea, select") && document.activeElement.closest("[data-board-outline], [data-board-lead]");
      if (busy) return refreshPage({ all: false }); // not under somebody's fingers
      refreshed = Date.now();
      const whole = everything;
      everything = false; // before the page is asked for: what happens meanwhile wants the next one
      const answer = await fetch(location.href).catch(() => null);
      if (!answer || answer.status >= 500) return refreshPage({ all: whole }); // off-line, or the process starts again
      if (!answer.ok) return undefined;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["[data-board-state]", "[data-board-agenda]", "[data-board-lead]", ...(whole ? ["[data-board-outline]"] : [])]) {
        const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
        if (!old || !fresh) continue;
        const focused = old.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : "";
        old.replaceChildren(...fresh.childNodes);
        const again = focused && document.getElementById(focused);
        if (again) (again.querySelector("a, button") || again).focus();
      }
      tick();
      return undefined;
    }, wait);
  };

  // The timer says what is left; without script the page says when it ends.
  const tick = () => {
    const timer = document.querySelector("[data-board-timer]");
    if (!timer) return;
    const left = Math.max(0, Math.round((new Date(timer.dataset.boardTimer) - Date.now()) / 1000));
    timer.textContent = `${settings.words.left}: ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    timer.classList.toggle("is-over", left === 0);
  };
  setInterval(tick, 1000);
  tick();

  let source = null;
  const listen = () => {
    source = new EventSource(`${settings.stream}?after=${sequence}`);
    source.addEventListener("board", (event) => {
      const happened = JSON.parse(event.data);
      if (happened.sequence <= sequence) return; // seen already
      sequence = happened.sequence;
      apply(happened.act, happened.data);
    });
    source.addEventListener("open", () => {
      say(settings.words.online);
      flush();
    });
    source.addEventListener("error", () => say(settings.words.offline));
  };
  window.addEventListener("online", flush);
  window.addEventListener("pagehide", () => source?.close());
  load().then(() => {
    listen();
    if (waiting.length) flush();
  });
})();
