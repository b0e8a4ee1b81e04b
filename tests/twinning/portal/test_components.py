"""Components are documented, exhibited and isolated."""

import datetime
import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.factories.people import UserFactory
from twinning.portal.gallery import COMPONENTS, gallery, parameters_of

TODAY = datetime.date(2026, 11, 21)
DRAWN_BY_TAGS = {"map", "timeline", "objectives", "influence", "conditions", "gantt", "budget", "board", "coverage"}


@pytest.fixture
def folder(settings):
    return settings.BASE_DIR / "templates" / "components"


def test_the_gallery_knows_every_component(folder):
    assert sorted(file.stem for file in folder.glob("*.html")) == sorted(COMPONENTS)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_says_what_it_is_for(name):
    assert len(parameters_of(name)) > 30


@pytest.mark.parametrize("name", sorted(set(COMPONENTS) - DRAWN_BY_TAGS - {"sprite", "messages"}))
def test_the_list_for_builders_of_pages_names_every_component(folder, name):
    assert f"`{name}`" in (folder / "README.md").read_text()


def test_every_component_stands_in_the_gallery(rf, settings):
    page = (settings.BASE_DIR / "templates" / "portal" / "components.html").read_text()
    used = set(re.findall(r"components/(\w+)\.html", page))
    part_of_others = {"sprite", "messages", "remark"}
    assert set(COMPONENTS) - used == DRAWN_BY_TAGS | part_of_others


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% include "components/button.html" with label="Submit" only %}', '<button class="btn btn-outline-secondary" type="submit">Submit</button>'),
        ('{% include "components/empty.html" with text="Nothing." only %}', '<p class="empty">Nothing.</p>'),
        ('{% include "components/error_summary.html" only %}', ""),
    ],
)  # fmt: skip
def test_optional_parameters_may_be_left_out(source, expected):
    assert Template(source).render(Context()).strip() == expected


def test_pages_of_a_list_keep_its_filters():
    request = RequestFactory().get("/pairings/", {"late": "1", "page": "7"})
    html = render_to_string("components/pagination.html", {"page": gallery(TODAY)["page"], "request": request})
    assert 'href="?late=1&amp;page=8"' in html


def test_one_page_needs_no_pagination(rf):
    page = Paginator(range(20), 25).page(1)
    assert render_to_string("components/pagination.html", {"page": page, "request": rf.get("/")}).strip() == ""


def test_errors_of_a_form_are_links_to_its_fields():
    html = render_to_string("components/error_summary.html", {"form": gallery(TODAY)["bad_form"]})
    assert 'href="#id_bad-question"' in html
    assert html.count("<li>") == 3


def test_a_field_names_its_help_and_its_error_for_those_who_listen():
    html = render_to_string("components/form.html", {"form": gallery(TODAY)["bad_form"]})
    described = re.search(r'<textarea[^>]*aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_bad-question_helptext", "id_bad-question_error"]
    assert all(f'id="{name}"' in html for name in described)


def test_a_crowded_calendar_lists_every_date(rf):
    data = gallery(TODAY)
    source = "{% load pictures %}{% cohort_timeline modules events deadlines today=today %}"
    html = Template(source).render(Context(data))
    listed = html.partition("<details>")[2]
    assert [mark.label for mark in data["events"] + data["deadlines"] if mark.label not in listed] == []


def test_an_empty_calendar_says_what_will_be_there():
    html = Template("{% load pictures %}{% cohort_timeline nothing nothing nothing %}").render(Context({"nothing": []}))
    assert html.startswith('<p class="empty">')


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [({"administrator": True}, 200), ({}, 404)])
def test_the_gallery_is_for_administrators(client, role, status):
    client.force_login(UserFactory(**role))
    assert client.get("/components/").status_code == status


@pytest.mark.django_db
def test_the_accessibility_statement_is_open_to_all(client):
    assert client.get("/accessibility/").status_code == 200


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_so_in_our_look(client):
    client.force_login(UserFactory())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_the_page_of_a_fault_needs_nothing():
    assert "Something went wrong on our side" in render_to_string("500.html")
