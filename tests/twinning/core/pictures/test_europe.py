import re
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from twinning.core.pictures.europe import (
    HEIGHT,
    WIDTH,
    Host,
    Pairing,
    Place,
    Twin,
    draw_map,
    project,
)

BELFAST, GALWAY = Place("Belfast", -5.93, 54.6), Place("Galway", -9.05, 53.27)
LAS_PALMAS = Place("Las Palmas", -15.43, 28.12)


def base_map(name):
    """The rings of a path of the base map, as lists of points."""
    svg = ET.parse(settings.BASE_DIR / "static" / "img" / "europe.svg")  # noqa: S314 our own file
    path = next(
        element.get("d") for element in svg.iter("{http://www.w3.org/2000/svg}path") if element.get("id") == name
    )
    rings = []
    for part in path.split("M")[1:]:
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", part)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        x, y = steps[0]
        ring = [(x, y)]
        for dx, dy in steps[1:]:
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def is_inside(point, ring):
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@pytest.mark.parametrize(
    ("name", "longitude", "latitude", "x", "y"),
    [
        ("Belfast", -5.92541, 54.59682, 143.3, 262.9),
        ("Reykjavík", -21.89541, 64.13548, 61.6, 40.4),
        ("Jerusalem", 35.21633, 31.76904, 726.0, 649.6),
    ],
)
def test_cities_stand_where_the_drawn_base_map_expects_them(name, longitude, latitude, x, y):
    assert project(longitude, latitude) == pytest.approx((x, y), abs=0.05)


@pytest.mark.parametrize(
    ("city", "longitude", "latitude"),
    [
        ("Dublin", -6.6, 53.4),
        ("Kyiv", 30.5, 50.45),
        ("Madrid", -3.7, 40.4),
        ("Nicosia", 33.3, 35.1),
        ("Ankara", 32.85, 39.93),
    ],
)
def test_the_land_lies_under_the_cities(city, longitude, latitude):
    assert any(is_inside(project(longitude, latitude), ring) for ring in base_map("land")), city


def test_open_sea_is_not_land():
    assert not any(is_inside(project(3.0, 56.5), ring) for ring in base_map("land"))


def test_crimea_is_joined_to_ukraine_and_no_border_cuts_it_off():
    west, east = project(33.2, 46.3), project(34.9, 45.9)  # the isthmus of Perekop and the Chonhar straits
    north, south = min(west[1], east[1]) - 3, max(west[1], east[1]) + 3
    crossing = [
        point
        for line in base_map("borders")
        for point in line
        if west[0] <= point[0] <= east[0] and north <= point[1] <= south
    ]
    assert crossing == []


def test_other_borders_are_drawn():
    x, y = project(22.9, 49.7)  # where Poland meets Ukraine
    assert [p for line in base_map("borders") for p in line if abs(p[0] - x) < 8 and abs(p[1] - y) < 8]


def test_no_border_runs_through_cyprus():
    left, bottom = project(32.6, 34.8)
    right, top = project(34.3, 35.5)
    assert not [p for line in base_map("borders") for p in line if left <= p[0] <= right and top <= p[1] <= bottom]


def test_a_pairing_is_an_arc_from_the_dot_to_the_ring():
    picture = draw_map((Twin("b", BELFAST),), (Host("g", "Galway", (GALWAY,)),), (Pairing("b", "g"),))
    ring, dot = picture.dots
    assert (ring.kind, dot.kind) == ("host", "twin")
    assert picture.arcs[0].start == (dot.x, dot.y)
    assert picture.arcs[0].end == (ring.x, ring.y)
    assert [label.text for label in picture.labels] == ["Belfast", "Galway"]


def test_an_arc_goes_to_the_nearest_city_of_a_group_and_the_others_are_small_rings():
    group = Host("group", "Two cities", (Place("Munich", 11.58, 48.14), GALWAY))
    picture = draw_map((Twin("b", BELFAST),), (group,), (Pairing("b", "group"),))
    assert {dot.title: dot.kind for dot in picture.dots} == {
        "Munich, Two cities": "minor",
        "Galway, Two cities": "host",
        "Belfast": "twin",
    }


def test_a_city_outside_the_frame_stands_at_the_edge_and_is_named():
    picture = draw_map((Twin("l", LAS_PALMAS),), (), ())
    (dot,) = picture.dots
    assert (dot.x, dot.y) == (14, HEIGHT - 14)
    assert dot.pointer
    assert picture.outside == ("Las Palmas",)


def test_a_city_without_coordinates_is_named_and_not_drawn():
    nowhere = Place("Nowhere", None, None)
    picture = draw_map((Twin("n", nowhere),), (Host("g", "Galway", (GALWAY,)),), (Pairing("n", "g"),))
    assert picture.missing == ("Nowhere",)
    assert picture.arcs == ()
    assert [dot.title for dot in picture.dots] == ["Galway"]


def test_a_close_up_holds_both_cities_and_enlarges_them():
    picture = draw_map((Twin("b", BELFAST),), (Host("g", "Galway", (GALWAY,)),), (Pairing("b", "g"),), close_up=True)
    left, top, width, height = picture.box
    assert width / height == pytest.approx(4 / 3, abs=0.01)
    assert all(left < dot.x < left + width and top < dot.y < top + height for dot in picture.dots)
    assert picture.unit < 1


places = st.builds(
    Place,
    st.text("abcdefgh", min_size=2, max_size=14),
    st.floats(-30, 45) | st.none(),
    st.floats(27, 71) | st.none(),
)


@given(st.lists(places, min_size=1, max_size=25, unique_by=lambda place: place.name))
def test_every_mark_lies_in_the_frame_and_no_label_covers_another(all_places):
    half = len(all_places) // 2
    twins = tuple(Twin(place.name, place) for place in all_places[:half])
    hosts = tuple(Host(place.name, place.name, (place,)) for place in all_places[half:])
    pairings = tuple(Pairing(t.key, h.key) for t, h in zip(twins, hosts, strict=False))
    picture = draw_map(twins, hosts, pairings)
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in picture.dots)
    assert len(picture.dots) + len(picture.missing) == len(all_places)
    assert len(picture.narrow_labels) <= 10
    rows = [(label.x, label.y) for label in picture.labels]
    assert len(rows) == len(set(rows))
    assert draw_map.__wrapped__(twins, hosts, pairings) == picture
