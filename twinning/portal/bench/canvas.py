"""A board with 2,000 notes in Chromium: how long until it stands there, and how long a picture takes while it is moved. Needs Playwright."""

import shutil
from collections.abc import Iterator

from sensemaking.models import Board, Guest, Note, NoteLink, Room, Session
from sensemaking.states import NoteState, Topic

from .board import Server, build, one_process
from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

NOTES, LINKS = 2_000, 100
OPEN = 1.5  # seconds
SMOOTH = 34  # milliseconds: two pictures of a screen with 60 a second
ROUNDS = 3
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")

# Time between two pictures, in milliseconds, until `window.stopFrames` is called.
RECORD = """() => {
  const times = []; let last = performance.now(), going = true;
  const step = (now) => { times.push(now - last); last = now; if (going) requestAnimationFrame(step); };
  requestAnimationFrame(step);
  window.stopFrames = () => { going = false; return times.slice(2); };
}"""
PAN = """() => new Promise((done) => {
  const place = document.querySelector(".canvas-wrap"); let steps = 0;
  const step = () => { place.scrollLeft += 8; place.scrollTop += 6; (steps += 1) < 150 ? requestAnimationFrame(step) : done(); };
  step();
})"""


def measure() -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 only developers have it

    folder = folder_for("canvas")
    environment = environment_for(folder)
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    world = run_inside("canvas", environment=environment)
    with Server(one_process, environment, folder / "pages.log") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{server.port}/room/{world['key']}/board/?room={world['room']}"
        scale = f"{NOTES} notes in one room"
        canvas, outline = [], []
        for _round in range(ROUNDS):
            page.goto(f"{address}&as=canvas")
            ready = page.wait_for_function(
                "() => document.querySelector('.canvas')?.dataset.ready && performance.now()", polling="raf"
            )
            canvas.append(ready.json_value() / 1000)
            page.goto(address)
            outline.append(page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
        yield Figure("canvas", "canvas opens", sorted(canvas)[1], "s", OPEN, scale, "median of three, Chromium")
        yield Figure("canvas", "outline opens", sorted(outline)[1], "s", OPEN, scale, "median of three, Chromium")
        page.goto(f"{address}&as=canvas")
        page.wait_for_selector(".canvas[data-ready]")
        page.evaluate(RECORD)
        page.evaluate(PAN)
        yield from _frames("panning", page.evaluate("window.stopFrames()"), scale)
        page.locator(".canvas-wrap").evaluate("(place) => place.scrollTo(0, 0)")
        box = page.locator(".canvas .note").first.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 10)
        page.evaluate(RECORD)
        page.mouse.down()
        page.mouse.move(box["x"] + 700, box["y"] + 300, steps=120)
        page.mouse.up()
        yield from _frames("dragging a note", page.evaluate("window.stopFrames()"), scale)
        browser.close()


def _frames(what: str, times: list[float], scale: str) -> Iterator[Figure]:
    times.sort()
    note = f"{len(times)} pictures, median {times[len(times) // 2]:.0f} ms, the longest {times[-1]:.0f} ms"
    yield Figure("canvas", f"{what}: 95 of 100 pictures", times[int(len(times) * 0.95)], "ms", SMOOTH, scale, note)


# --- Inside a process with its own settings and data ---------------------------------------------------------------------


def fill() -> dict:
    """A board with all notes in one room, some of them connected; the key of a harvester, and the room's code."""
    build(12)
    session = Session.objects.get()
    guests, room, board = list(Guest.objects.order_by("pk")), Room.objects.order_by("pk").first(), Board.objects.get()
    notes = [
        Note(
            board=board,
            room=room,
            topic=Topic.values[number % len(Topic.values)],
            text=f"Remark {number} about what was tried, what it cost and what we would do again",
            author=guests[number % len(guests)],
            written_by=guests[number % len(guests)],
            state=NoteState.PLACED,
            x=1 + number * 37 % 2200,
            y=1 + number * 53 % 1500,
            written_at=session.created_at,
        )
        for number in range(NOTES)
    ]
    notes = Note.objects.bulk_create(notes)
    NoteLink.objects.bulk_create(
        NoteLink(board=board, one=notes[number], other=notes[number + 7]) for number in range(0, LINKS * 10, 10)
    )
    return {"key": guests[0].key, "room": room.code}
