"""Downloads of a cohort: who gets them, and what arrives."""

import io

import openpyxl
import pytest
from django.urls import reverse

from cohorts.models import Host
from cohorts.services.packages import export_package

DOWNLOADS = ["reports:cohort-workbook", "reports:cohort-package"]


@pytest.mark.parametrize("name", DOWNLOADS)
def test_administrators_coordinators_and_observers_download(client, world, name):
    for role in ("administrator", "coordinator", "observer"):
        client.force_login(getattr(world, role))
        answer = client.get(reverse(name, args=["here"]))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith('attachment; filename="here')


@pytest.mark.parametrize("name", DOWNLOADS)
def test_those_who_see_the_cohort_only_in_part_may_not(client, world, name):
    for role in ("team_facilitator", "facilitator", "lead_officer", "officer", "host_contact"):
        client.force_login(getattr(world, role))
        assert client.get(reverse(name, args=["here"])).status_code == 403
        assert client.get(reverse(name, args=["elsewhere"])).status_code == 404


@pytest.mark.parametrize("name", DOWNLOADS)
def test_outsiders_and_strangers_find_nothing(client, world, name):
    client.force_login(world.outsider)
    assert client.get(reverse(name, args=["here"])).status_code == 404
    client.force_login(world.administrator)
    assert client.get(reverse(name, args=["nowhere"])).status_code == 404
    assert client.post(reverse(name, args=["here"])).status_code == 405


def test_workbook_opens(client, world):
    client.force_login(world.administrator)
    answer = client.get(reverse("reports:cohort-workbook", args=["here"]))
    assert openpyxl.load_workbook(io.BytesIO(answer.content))["Pairings"].max_row == 3


def test_package_is_the_canonical_one(client, world):
    client.force_login(world.administrator)
    answer = client.get(reverse("reports:cohort-package", args=["here"]))
    assert answer.content == export_package(world.cohort)


def test_what_the_format_cannot_say_is_a_message_on_the_cohorts_page(client, world):
    Host.objects.update(title="two\nlines")
    client.force_login(world.administrator)
    answer = client.get(reverse("reports:cohort-package", args=["here"]))
    assert (answer.status_code, answer.url) == (302, world.cohort.get_absolute_url())
