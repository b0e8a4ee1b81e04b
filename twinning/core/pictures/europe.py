"""The map of Europe: twins as dots, hosts as rings, pairings as arcs, in the projection of the base map.

Equal-area azimuthal (Lambert) about 52° N 10° E, in a frame of 760 x 690 units. `static/img/europe.svg` is drawn in the
same frame: change the numbers here and the land no longer fits under the cities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, dist, hypot, radians, sin, sqrt

from .labels import Box, Label, Wanted, place_labels

WIDTH, HEIGHT = 760, 690
CENTRE_LONGITUDE, CENTRE_LATITUDE = 10.0, 52.0
SCALE, SHIFT_X, SHIFT_Y = 1094.6831421268184, 317.95289908009033, 331.9604325281907

EDGE = 14.0  # how far from the frame a city stands that lies outside it
BEND = 0.16  # how far an arc swings out, as a share of its length
LABEL_SIZE, NARROW_LABEL_SIZE = 11.5, 21.0  # as .map text in components.css, wide and on phones
NARROW_LABELS = 10
MOST_LABELS = 60
CROWDED = 150  # above so many pairings arcs carry no gradient of their own and no label is sought for hosts
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A named point. Degrees; `None` where nobody recorded the coordinates."""

    name: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Twin:
    key: str
    place: Place
    url: str = ""
    warning: str = ""  # words; marks the dot with a dashed red ring


@dataclass(frozen=True, slots=True)
class Host:
    """One host side: a single city, or a group of which each city gets a small ring."""

    key: str
    name: str
    places: tuple[Place, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    twin: str  # key of the twin
    host: str  # key of the host


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    r: float
    kind: str  # twin, host or minor (a city of a group that no arc reaches)
    title: str
    url: str = ""
    warning: str = ""
    pointer: str = ""  # path towards a city outside the frame


@dataclass(frozen=True, slots=True)
class Arc:
    path: str
    start: Point
    end: Point
    title: str


@dataclass(frozen=True, slots=True)
class EuropePicture:
    box: Box  # left, top, width, height of the part that is shown
    dots: tuple[Dot, ...]
    arcs: tuple[Arc, ...]
    labels: tuple[Label, ...]
    narrow_labels: tuple[Label, ...]
    pairings: int
    outside: tuple[str, ...]  # names that lie beyond the frame and stand at its edge
    missing: tuple[str, ...]  # names without coordinates
    unit: float = 1.0  # size of marks and letters; less than 1 in a part that is shown enlarged
    crowded: bool = False

    @property
    def view_box(self) -> str:
        return " ".join(f"{value:g}" for value in self.box)

    @property
    def label_size(self) -> float:
        return round(LABEL_SIZE * self.unit, 2)


def project(longitude: float, latitude: float) -> Point:
    """Degrees to units of the frame."""
    lam, phi, phi0 = radians(longitude - CENTRE_LONGITUDE), radians(latitude), radians(CENTRE_LATITUDE)
    q = sqrt(2 / (1 + sin(phi0) * sin(phi) + cos(phi0) * cos(phi) * cos(lam)))
    x = q * cos(phi) * sin(lam)
    y = -q * (cos(phi0) * sin(phi) - sin(phi0) * cos(phi) * cos(lam))
    return SHIFT_X + SCALE * x, SHIFT_Y + SCALE * y


def clamp(point: Point) -> Point:
    """The nearest point inside the frame; the same point where it lies inside."""
    x, y = point
    return min(max(x, EDGE), WIDTH - EDGE), min(max(y, EDGE), HEIGHT - EDGE)


@dataclass(slots=True)
class _Sketch:
    """What has been placed so far."""

    at: dict[tuple[str, str], Point] = field(default_factory=dict)
    true: dict[tuple[str, str], Point] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def put(self, key: tuple[str, str], place: Place) -> None:
        if place.longitude is None or place.latitude is None:
            self._note(self.missing, place.name)
            return
        self.true[key] = project(place.longitude, place.latitude)
        self.at[key] = clamp(self.true[key])
        if self.at[key] != self.true[key]:
            self._note(self.outside, place.name)

    def nearest(self, twin: Twin, host: Host) -> tuple[str, str] | None:
        """The city of the host that lies nearest to the twin; an arc ends there. None where either has no place."""
        start = self.at.get(("twin", twin.key))
        ends = [(host.key, place.name) for place in host.places if (host.key, place.name) in self.at]
        if start is None or not ends:
            return None
        return min(ends, key=lambda end: (dist(start, self.at[end]), end))

    def pointer(self, key: tuple[str, str]) -> str:
        """A short stroke from the edge towards where the place really lies."""
        (x, y), (tx, ty) = self.at[key], self.true[key]
        length = hypot(tx - x, ty - y)
        if not length:
            return ""
        dx, dy = (tx - x) / length, (ty - y) / length
        return f"M{x + 6 * dx:.1f},{y + 6 * dy:.1f}l{7 * dx:.1f},{7 * dy:.1f}"

    @staticmethod
    def _note(names: list[str], name: str) -> None:
        if name not in names:
            names.append(name)


@lru_cache(maxsize=128)
def draw_map(
    twins: tuple[Twin, ...], hosts: tuple[Host, ...], pairings: tuple[Pairing, ...], *, close_up: bool = False
) -> EuropePicture:
    """Positions of everything. `close_up` shows only the part of Europe in which the dots lie.

    Pairings that name an unknown twin or host, or one without coordinates, are not drawn. Kept in memory per set of data.
    """
    sketch = _Sketch()
    for twin in twins:
        sketch.put(("twin", twin.key), twin.place)
    for host in hosts:
        for place in host.places:
            sketch.put((host.key, place.name), place)
    twin_named, host_named = {twin.key: twin for twin in twins}, {host.key: host for host in hosts}
    arcs, reached = [], set()
    for pairing in pairings:
        if pairing.twin not in twin_named or pairing.host not in host_named:
            continue
        twin, host = twin_named[pairing.twin], host_named[pairing.host]
        nearest = sketch.nearest(twin, host)
        if nearest:
            reached.add(nearest)
            title = f"{twin.place.name} – {host.name}"
            arcs.append(_arc(sketch.at["twin", twin.key], sketch.at[nearest], title))
    box = _part(list(sketch.at.values())) if close_up else (0.0, 0.0, float(WIDTH), float(HEIGHT))
    unit = box[2] / 290 if close_up else 1.0
    rings = [dot for host in hosts for dot in _rings(host, sketch, reached, unit)]
    dots = [
        _twin_dot(twin, sketch, unit) for twin in sorted(twins, key=lambda t: t.key) if ("twin", twin.key) in sketch.at
    ]
    crowded = len(arcs) > CROWDED
    labels, narrow = _labels(twins, hosts, sketch, [*rings, *dots], arcs, box=box, unit=unit, crowded=crowded)
    return EuropePicture(
        box=box,
        dots=(*rings, *dots),
        arcs=tuple(arcs),
        labels=tuple(labels),
        narrow_labels=tuple(narrow),
        pairings=len(pairings),
        outside=tuple(sketch.outside),
        missing=tuple(sketch.missing),
        unit=round(unit, 3),
        crowded=crowded,
    )


def _arc(start: Point, end: Point, title: str) -> Arc:
    (x1, y1), (x2, y2) = start, end
    cx, cy = _bend(start, end)
    path = f"M{x1:.1f},{y1:.1f}Q{cx:.1f},{cy:.1f} {x2:.1f},{y2:.1f}"
    return Arc(path, (round(x1, 1), round(y1, 1)), (round(x2, 1), round(y2, 1)), title)


def _bend(start: Point, end: Point) -> Point:
    """The control point of an arc: always to the north, so that arcs between the same regions run side by side."""
    (x1, y1), (x2, y2) = start, end
    return (x1 + x2) / 2 + (y2 - y1) * BEND, (y1 + y2) / 2 - abs(x2 - x1) * BEND


def _along(start: Point, end: Point, steps: int = 24) -> Iterator[Box]:
    """Small boxes along an arc, for labels to keep away from."""
    (x1, y1), (x2, y2), (cx, cy) = start, end, _bend(start, end)
    for step in range(1, steps):
        u = step / steps
        x = (1 - u) ** 2 * x1 + 2 * u * (1 - u) * cx + u * u * x2
        y = (1 - u) ** 2 * y1 + 2 * u * (1 - u) * cy + u * u * y2
        yield x - 1, y - 1, x + 1, y + 1


def _rings(host: Host, sketch: _Sketch, reached: set[tuple[str, str]], unit: float) -> Iterator[Dot]:
    for place in host.places:
        key = (host.key, place.name)
        if key not in sketch.at:
            continue
        x, y = sketch.at[key]
        large = key in reached or len(host.places) == 1
        title = place.name if place.name == host.name else f"{place.name}, {host.name}"
        radius = (4.6 if large else 2.4) * unit
        kind = "host" if large else "minor"
        yield Dot(round(x, 1), round(y, 1), round(radius, 2), kind, title, host.url, pointer=sketch.pointer(key))


def _twin_dot(twin: Twin, sketch: _Sketch, unit: float) -> Dot:
    key = ("twin", twin.key)
    x, y = sketch.at[key]
    return Dot(
        round(x, 1),
        round(y, 1),
        round(4.8 * unit, 2),
        "twin",
        twin.place.name,
        twin.url,
        twin.warning,
        sketch.pointer(key),
    )


def _labels(
    twins: Sequence[Twin],
    hosts: Sequence[Host],
    sketch: _Sketch,
    dots: Sequence[Dot],
    arcs: Sequence[Arc],
    *,
    box: Box,
    unit: float,
    crowded: bool,
) -> tuple[list[Label], list[Label]]:
    """Names for the wide picture and the few that a phone shows. Twins first, long names first: they are hardest to place."""
    frame = (box[0] + 3 * unit, box[1] + 3 * unit, box[0] + box[2] - 3 * unit, box[1] + box[3] - 3 * unit)
    names = [
        Wanted(*sketch.at["twin", twin.key], twin.place.name, "tw", bold=True)
        for twin in twins
        if ("twin", twin.key) in sketch.at
    ]
    names.sort(key=lambda word: (-len(word.text), word.text))
    drawn = {(dot.x, dot.y) for dot in dots if dot.kind == "host"}
    host_names = [
        Wanted(*sketch.at[host.key, place.name], place.name, "ho")
        for host in hosts
        for place in host.places
        if (host.key, place.name) in sketch.at and _rounded(sketch.at[host.key, place.name]) in drawn
    ]
    host_names.sort(key=lambda word: (-len(word.text), word.text))
    marks = [_around(dot, 9 * unit if dot.warning else max(5 * unit, dot.r)) for dot in dots]
    lines = [] if crowded else [small for arc in arcs for small in _along(arc.start, arc.end)]
    wanted = names if crowded else [*names, *_once(host_names)]
    size = LABEL_SIZE * unit
    labels = place_labels(wanted, size=size, frame=frame, marks=marks, lines=lines, limit=MOST_LABELS)
    if unit != 1.0:
        return labels, []
    wide_marks = [_around(dot, 9) for dot in dots if dot.kind != "minor"]
    short_first = sorted(names, key=lambda word: (len(word.text), word.text))
    return labels, place_labels(short_first, size=NARROW_LABEL_SIZE, frame=frame, marks=wide_marks, limit=NARROW_LABELS)


def _once(words: Sequence[Wanted]) -> list[Wanted]:
    """A city that is part of two hosts is named once."""
    return list({(round(word.x), round(word.y), word.text): word for word in words}.values())


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _around(dot: Dot, reach: float) -> Box:
    return dot.x - reach, dot.y - reach, dot.x + reach, dot.y + reach


def _part(points: Sequence[Point]) -> Box:
    """A 4 : 3 part of the frame that holds all points with room for their names."""
    if not points:
        return 0.0, 0.0, float(WIDTH), float(HEIGHT)
    left, right = min(x for x, _y in points), max(x for x, _y in points)
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    width = max((right - left) * 1.7, (bottom - top) * 1.7 * 4 / 3, 170)
    width = min(width, WIDTH)
    height = min(width * 3 / 4, HEIGHT)
    x = min(max((left + right) / 2 - width / 2, 0), WIDTH - width)
    y = min(max((top + bottom) / 2 - height / 2, 0), HEIGHT - height)
    return round(x, 1), round(y, 1), round(width, 1), round(height, 1)
