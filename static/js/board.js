// The board, live. The outline works without this file; here its pages follow what others do, and the canvas is drawn.
// One list of notes (`notes`), changed by acts that the server has numbered; what is written off-line waits in the browser.
(() => {
  "use strict";

  const element = document.getElementById("board-settings");
  if (!element) return;
  const settings = JSON.parse(element.textContent);
  const canvas = document.querySelector("[data-board-canvas]");
  const status = document.querySelector("[data-board-status]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const notes = new Map(); // code -> what the server told of it
  const drawn = new Map(); // code -> element
  let sequence = 0;

  const say = (words) => {
    if (status && status.textContent !== words) status.textContent = words;
  };

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
    if (act === "set_board") return load();
    if (act === "call") {
      say(settings.words.called);
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
      return undefined;
    }
    if (!data.note) return undefined;
    if (data.state === "removed") {
      notes.delete(data.note);
      drawn.get(data.note)?.remove();
      drawn.delete(data.note);
      return drawLinks();
    }
    const note = Object.assign(notes.get(data.note) || { votes: 0, linked: [], isNew: sequence > 0 }, data);
    notes.set(data.note, note);
    draw(note);
    return drawLinks();
  };

  const follow = (room) => {
    const address = new URL(location.href);
    address.searchParams.set("room", room);
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

  const paint = (note, item) => {
    item.className = `note t-${note.topic}${note.isNew ? " is-new" : ""}`;
    const x = note.x || note.shownX || 20;
    const y = note.y || note.shownY || 20;
    item.style.left = `${x}px`;
    item.style.top = `${y}px`;
    const head = document.createElement("div");
    head.className = "notehead";
    head.textContent = [settings.topics[note.topic], note.city, note.votes ? `${settings.words.votes}: ${note.votes}` : ""]
      .filter(Boolean)
      .join(" · ");
    const text = document.createElement("p");
    text.textContent = note.hidden ? settings.words.hidden : note.text;
    item.replaceChildren(head, text);
    if (note.group_name || note.state === "inbox") {
      const group = document.createElement("span");
      group.className = "notegroup";
      group.textContent = note.state === "inbox" ? settings.words.waits : note.group_name;
      item.append(group);
    }
    item.setAttribute("aria-label", `${head.textContent}: ${text.textContent}`);
  };

  const draw = (note) => {
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
  const drawLinks = () => {
    if (!lines) return;
    const parts = [];
    for (const note of notes.values()) {
      for (const other of note.linked || []) {
        const one = drawn.get(note.note);
        const two = drawn.get(other);
        if (!one || !two || note.note > other) continue;
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        line.setAttribute("x1", one.offsetLeft + 110);
        line.setAttribute("y1", one.offsetTop + 30);
        line.setAttribute("x2", two.offsetLeft + 110);
        line.setAttribute("y2", two.offsetTop + 30);
        parts.push(line);
      }
    }
    lines.replaceChildren(...parts);
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
      moving = { item, note: notes.get(item.dataset.note), fromX: event.clientX, fromY: event.clientY, x: item.offsetLeft, y: item.offsetTop, far: false };
      item.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!moving) return;
      const [dx, dy] = [event.clientX - moving.fromX, event.clientY - moving.fromY];
      if (!moving.far && Math.hypot(dx, dy) < 4) return;
      moving.far = true;
      moving.item.classList.add("is-moving");
      moving.item.style.left = `${moving.x + dx}px`;
      moving.item.style.top = `${moving.y + dy}px`;
    });
    const drop = () => {
      if (!moving) return;
      const { item, note, far } = moving;
      moving = null;
      item.classList.remove("is-moving");
      if (!far) return;
      placeAt(note, item.offsetLeft, item.offsetTop);
      send("move_note", { note: note.note, x: note.x, y: note.y });
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
    let settle = 0;
    canvas.addEventListener("keydown", (event) => {
      const item = event.target.closest(".note");
      if (!item) return;
      const note = notes.get(item.dataset.note);
      const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (step) {
        event.preventDefault();
        placeAt(note, item.offsetLeft + step[0], item.offsetTop + step[1]);
        clearTimeout(settle); // one act for one row of presses
        settle = setTimeout(() => send("move_note", { note: note.note, x: note.x, y: note.y }), 400);
      } else if (event.key === "Enter") {
        event.preventDefault();
        const address = new URL(location.href);
        address.searchParams.delete("as");
        address.hash = note.note;
        location.assign(address); // the outline has everything that can be done with a note
      }
    });
    canvas.addEventListener("dblclick", (event) => {
      const item = event.target.closest(".note");
      if (item) item.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    });
  }

  // --- Writing: without leaving the page, and off-line too -----------------------------------------------------------------

  const form = document.querySelector("[data-board-compose]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(form));
    for (const name of ["act", "back", "csrfmiddlewaretoken"]) delete data[name];
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

  let refresh = 0;
  const refreshOutline = () => {
    const outline = document.querySelector("[data-board-outline]");
    if (!outline) return;
    clearTimeout(refresh);
    refresh = setTimeout(async () => {
      if (outline.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, summary, button")) {
        refreshOutline(); // not under somebody's fingers
        return;
      }
      const answer = await fetch(location.href);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-board-outline]");
      if (fresh) outline.replaceChildren(...fresh.childNodes);
    }, 300);
  };

  let source = null;
  const listen = () => {
    source = new EventSource(`${settings.stream}?after=${sequence}`);
    source.addEventListener("board", (event) => {
      const happened = JSON.parse(event.data);
      if (happened.sequence <= sequence) return; // seen already
      sequence = happened.sequence;
      apply(happened.act, happened.data);
      refreshOutline();
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
