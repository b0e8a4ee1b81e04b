// Long forms save themselves, field by field. Without script the same form is saved by its button.
//
// <form data-tw-autosave="URL" data-tw-device="person:output"> around places: <div data-tw-place="name"> holding controls
// [data-tw-input] and one hidden [data-tw-base], the text that the writer started from. A place is sent as {place, text,
// base}; the server refuses it (409) when the base is no longer what stands there, and both texts are shown. What is not
// saved yet lies in localStorage, so a closed browser, a lost network or a lost session loses nothing.
(() => {
  "use strict";

  const form = document.querySelector("form[data-tw-autosave]");
  if (!form || !window.fetch) return;

  const WAIT = 1200; // ms without a key before a field is sent
  const RETRY = 15000;
  const url = form.dataset.twAutosave;
  const device = `twinning:${form.dataset.twDevice}:`;
  const bar = form.querySelector("[data-tw-savebar]");
  const state = form.querySelector("[data-tw-savestate]");
  const words = state.querySelector("span");
  const glyph = state.querySelector("use");
  const retry = form.querySelector("[data-tw-retry]");
  const signIn = form.querySelector("[data-tw-signin-link]");
  const undo = form.querySelector("[data-tw-undo]");
  const past = []; // what this page has saved, the last at the end
  const shelf = (() => {
    try {
      const probe = `${device}probe`;
      localStorage.setItem(probe, "1");
      localStorage.removeItem(probe);
      return localStorage;
    } catch { return null; }
  })();

  const normal = (text) => text.replace(/\r\n?/g, "\n").split("\n").map((line) => line.trimEnd()).join("\n").trimEnd();
  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const token = () => cookie("csrftoken") || form.querySelector("[name=csrfmiddlewaretoken]").value;

  // --- What the bar says
  const say = (tone, text, { failed = false, signedOut = false, choice = false } = {}) => {
    state.className = `state s-${tone}`;
    glyph?.setAttribute("href", `#g-${tone}`);
    if (words.textContent !== text) words.textContent = text;
    bar.classList.toggle("unsaved", failed);
    retry.hidden = !failed || signedOut || choice;
    signIn.hidden = !signedOut;
  };

  // --- What is left to say once a place has come to rest, be it saved or as it was before
  let rest = { tone: state.classList.contains("s-ok") ? "ok" : "none", text: words.textContent };
  const settle = (message) => {
    if (message) rest = { tone: "ok", text: message };
    if (places.some((place) => place.isUnreadable)) say("back", state.dataset.twUnreadable, { failed: true, choice: true });
    else if (!places.some((place) => place.isDirty || place.isStuck)) say(rest.tone, rest.text);
  };

  // --- One object for each place
  class Place {
    constructor(element) {
      this.element = element;
      this.name = element.dataset.twPlace;
      this.inputs = [...element.querySelectorAll("[data-tw-input]")];
      this.baseInput = element.querySelector("[data-tw-base]");
      this.box = element.querySelector("[data-tw-conflict]");
      this.counter = element.querySelector("[data-tw-words]");
      this.timer = 0;
      this.isSending = false;
      this.sent = null;
      this.isUndoing = false;
      this.isStuck = Boolean(this.box?.firstElementChild); // in conflict: waits for a choice
      this.key = device + this.name;
    }
    get isChoice() { return this.inputs[0]?.type === "checkbox"; }
    // Half a day, or one that no calendar has: its value is empty, but nobody asked to erase what stands there.
    get isUnreadable() { return Boolean(this.inputs[0]?.validity.badInput); }
    get text() {
      if (this.isUnreadable) return this.base;
      if (!this.isChoice) return normal(this.inputs[0].value);
      return this.inputs.filter((input) => input.checked).map((input) => input.value).sort().join(",");
    }
    set text(value) {
      if (!this.isChoice) { this.inputs[0].value = value; this.count(); return; }
      const chosen = value.split(",");
      for (const input of this.inputs) input.checked = chosen.includes(input.value);
    }
    get base() { return normal(this.baseInput.value); }
    set base(value) { this.baseInput.value = value; }
    get isDirty() { return this.text !== this.base; }
    count() {
      if (!this.counter) return;
      const number = this.inputs[0].value.split(/\s+/).filter(Boolean).length;
      this.counter.querySelector("[data-tw-count]").textContent = number;
      this.counter.classList.toggle("over", number > Number(this.counter.dataset.twWords));
    }
    keep() {
      try {
        const { text, base, sent } = this;
        if (this.isDirty) shelf?.setItem(this.key, JSON.stringify({ text, base, sent }));
        else shelf?.removeItem(this.key);
      } catch { /* the shelf is full: the page itself still holds the text */ }
    }
    later() {
      clearTimeout(this.timer);
      this.keep();
      if (this.isUnreadable) { this.timer = setTimeout(settle, WAIT); return; }
      if (this.isStuck) return;
      if (!this.isDirty) { settle(); return; }
      say("draft", state.dataset.twWriting);
      this.timer = setTimeout(() => this.send(), WAIT);
    }
    async send({ leaving = false } = {}) {
      clearTimeout(this.timer);
      if (this.isSending || this.isStuck || !this.isDirty) return;
      this.isSending = true;
      const text = this.sent = this.text; // if the page is left before the answer, this may be what stands there
      this.keep();
      const body = new URLSearchParams({ place: this.name, text, base: this.base });
      if (!leaving) say("draft", state.dataset.twSaving);
      const hasNoCookie = !cookie("csrftoken"); // somebody emptied the browser: signed out as well
      let answer;
      try {
        answer = await fetch(url, {
          method: "POST", body, redirect: "manual", keepalive: leaving, credentials: "same-origin",
          headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
        });
      } catch {
        this.failed(state.dataset.twUnsaved);
        return;
      } finally { this.isSending = false; }
      if (answer.type === "opaqueredirect" || answer.status === 401 || (hasNoCookie && answer.status === 403)) {
        say("back", state.dataset.twSignin, { failed: true, signedOut: true });
        return;
      }
      const said = await answer.json().catch(() => ({}));
      if (answer.status === 409) { this.base = said.theirs; this.conflict(said); return; }
      if (!answer.ok) {
        this.failed(said.message ? `${state.dataset.twUnsaved} ${said.message}` : state.dataset.twUnsaved, answer.status !== 422 && answer.status !== 410);
        return;
      }
      if (!this.isUndoing) past.push({ place: this, before: this.base, after: said.value });
      this.isUndoing = false;
      undo.hidden = past.length === 0;
      const unchanged = this.text === text;
      this.base = said.value;
      if (unchanged && said.value !== text) this.text = said.value;
      this.keep();
      if (this.isDirty) this.later();
      else settle(said.message);
    }
    failed(text, again = true) {
      this.keep();
      say("back", text, { failed: true });
      if (again) this.timer = setTimeout(() => this.send(), RETRY);
    }
    conflict({ theirs, by }) {
      this.isStuck = true;
      this.keep();
      const part = form.querySelector("[data-tw-conflict-template]").content.cloneNode(true);
      part.querySelector("[data-tw-by]").textContent = by || "…";
      part.querySelector("[data-tw-theirs]").textContent = theirs;
      this.box.replaceChildren(part);
      this.mustChoose = true;
      say("back", state.dataset.twChoose, { failed: true, choice: true });
    }
    choose(mine) {
      if (!mine) this.text = this.base; // after a conflict the base is theirs
      this.isStuck = this.mustChoose = false;
      this.box.replaceChildren();
      this.inputs[0].focus();
      this.keep();
      if (this.isDirty) this.send();
      else say("ok", state.dataset.twTaken);
    }
    restore() {
      let kept = null;
      try { kept = JSON.parse(shelf?.getItem(this.key) || "null"); } catch { /* not ours */ }
      if (!kept || typeof kept.text !== "string") return false;
      if (kept.text === this.base) { shelf.removeItem(this.key); return false; }
      const theirs = this.base;
      this.text = kept.text;
      if (theirs === kept.base || theirs === kept.sent) { this.send(); return true; }
      this.conflict({ theirs, by: "" });
      return true;
    }
  }

  const places = [...form.querySelectorAll("[data-tw-place]")]
    .filter((each) => each.querySelector("[data-tw-base]") && each.querySelector("[data-tw-input]"))
    .map((each) => new Place(each));
  const placeOf = (element) => places.find((place) => place.element.contains(element));

  form.addEventListener("input", (event) => { const place = placeOf(event.target); if (place) { place.count(); place.later(); } });
  form.addEventListener("change", (event) => placeOf(event.target)?.send());
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-tw-keep]") : null;
    if (button) placeOf(button)?.choose(button.dataset.twKeep === "mine");
  });
  // --- Undo: the text before the last save goes back into its place, unless somebody has gone on from it meanwhile.
  undo.addEventListener("click", () => {
    const last = past.pop();
    undo.hidden = past.length === 0;
    if (!last) return;
    const { place, before, after } = last;
    place.element.closest("details")?.setAttribute("open", "");
    place.inputs[0].focus();
    if (place.isStuck || place.text !== after) return; // there is newer text: it is not thrown away
    place.text = before;
    place.isUndoing = true;
    place.send();
  });
  // --- Who else is writing: asked every 20 seconds while the page is in front.
  const present = form.querySelector("[data-tw-present]");
  const greet = async () => {
    if (document.hidden) return;
    const answer = await fetch(form.dataset.twPresence, {
      method: "POST", credentials: "same-origin", redirect: "manual",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
    }).catch(() => null);
    if (!answer?.ok) return;
    const { others } = await answer.json();
    const text = others.join(" · ");
    if (present.textContent !== text) present.textContent = text;
  };
  if (form.dataset.twPresence) {
    greet();
    setInterval(greet, 20000);
    document.addEventListener("visibilitychange", greet);
  }

  retry.addEventListener("click", (event) => {
    event.preventDefault();
    for (const place of places) place.send();
  });
  form.addEventListener("submit", (event) => {
    for (const place of places) { clearTimeout(place.timer); place.keep(); }
    const open = places.find((place) => place.mustChoose);
    if (!open) return;
    event.preventDefault(); // sending now would decide without the writer
    open.element.closest("details")?.setAttribute("open", "");
    open.box.querySelector("button").focus();
    say("back", state.dataset.twChoose, { failed: true, choice: true });
  });
  window.addEventListener("online", () => { for (const place of places) place.send(); });
  window.addEventListener("pagehide", () => { for (const place of places) { place.keep(); place.send({ leaving: true }); } });

  // --- What this device still held: saved if nobody changed the place meanwhile, else shown beside theirs.
  const restored = places.filter((place) => place.restore());
  if (restored.length && !restored.some((place) => place.isStuck)) say("draft", state.dataset.twRestored);
  // What was typed before this script had arrived.
  for (const place of places) if (place.isDirty && !place.isStuck && !restored.includes(place)) { place.count(); place.later(); }
  // A link to a place inside a closed row opens it.
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const row = target?.closest("details");
  if (row) { row.open = true; target.scrollIntoView(); }
})();
