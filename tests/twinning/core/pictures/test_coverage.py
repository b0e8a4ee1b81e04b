from twinning.core.pictures.coverage import HEAD, ROWS, City, draw_coverage


def city(name, *cells):
    return City(name, cells, "")


def test_a_ring_is_filled_by_area_as_far_as_notes_reached():
    (picture,) = draw_coverage(2, [city("Turku", (8, 2), (0, 0)), city("Umeå", (2, 0), (0, 0))])
    turku, umea = picture.rows
    (ring,) = turku.rings
    assert round(ring.inner**2 / ring.radius**2, 2) == 0.25
    assert round(ring.radius**2 / umea.rings[0].radius ** 2, 1) == 4.0
    assert (turku.is_unheard, umea.is_unheard) == (False, True)
    assert [number for _x, number in picture.columns] == [1, 2]


def test_many_cities_go_on_in_a_second_picture_to_the_same_scale():
    cities = [city(f"City {n}", (1, 1)) for n in range(ROWS)] + [city("Last", (100, 0))]
    first, second = draw_coverage(1, cities)
    assert (len(first.rows), len(second.rows)) == (ROWS, 1)
    assert second.rows[0].y == HEAD
    assert second.rows[0].rings[0].radius > first.rows[0].rings[0].radius


def test_nothing_is_drawn_of_nothing():
    assert draw_coverage(0, [city("Turku")]) == []
    assert draw_coverage(1, []) == []
