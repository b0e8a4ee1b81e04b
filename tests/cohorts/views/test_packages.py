"""Importing a package in the browser: upload, report, confirm. For administrators alone."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohorts.models import City, Cohort
from tests.cohorts.package_format.packages import as_bytes, small_package
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db
IMPORT = "/manage/packages/"


@pytest.fixture
def administrator(client):
    user = UserFactory(administrator=True)
    client.force_login(user)
    return user


def upload(client, package):
    data = package if isinstance(package, bytes) else as_bytes(package)
    return client.post(IMPORT, {"file": SimpleUploadedFile("package.json", data, "application/json")})


def fingerprint_in(page) -> str:
    return re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page.content.decode())[1]


def test_upload_report_confirm(client, administrator):
    answer = upload(client, small_package())
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert page.context["report"].totals == {"created": 6, "changed": 0, "unchanged": 0}
    assert not Cohort.objects.exists()
    done = client.post(answer.url, {"fingerprint": fingerprint_in(page)})
    assert (done.status_code, done.url) == (302, Cohort.objects.get().get_absolute_url())
    assert JournalEntry.objects.get().by == administrator


def test_second_tab_is_told_that_the_file_was_imported(client, administrator):
    address = upload(client, small_package()).url
    confirm = {"fingerprint": fingerprint_in(client.get(address))}
    client.post(address, confirm)

    again = client.post(address, confirm, follow=True)

    assert again.redirect_chain == [(Cohort.objects.get().get_absolute_url(), 302)]
    assert "This file is imported already; nothing was done twice." in again.content.decode()
    assert JournalEntry.objects.count() == 1


def test_faults_are_shown_with_place_and_sentence(client, administrator):
    package = small_package()
    package["hosts"][0]["capacity"] = {"minimum": 4, "maximum": 1}
    page = upload(client, package)
    assert page.status_code == 422
    assert [fault.path for fault in page.context["faults"]] == ["hosts[0].capacity"]
    text = page.content.decode()
    assert "The minimum (4) is above the maximum (1); turn them round." in text
    assert "The package has 1 fault and was not imported. It stands below." in text


def test_many_faults_are_capped_and_counted(client, administrator):
    package = small_package()
    package["cities"] += [{**package["cities"][0], "id": f"city-{n}", "latitude": 99} for n in range(250)]
    page = upload(client, package)
    assert len(page.context["faults"]) == 200
    assert "50 more faults are not shown. Mend these first." in page.content.decode()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff\xfe", b"null", b"{" * 5000])
def test_file_that_is_no_package_is_refused_with_a_sentence(client, administrator, data):
    page = upload(client, data)
    assert page.status_code == 422
    assert page.context["faults"][0].path == "(file)"


def test_no_file_at_all_is_said(client, administrator):
    assert client.post(IMPORT, {}).status_code == 422


def test_file_over_the_limit_is_refused(client, administrator):
    page = upload(client, b" " * (20 * 1024 * 1024 + 1))
    assert page.status_code == 422
    assert "larger than 20 MB" in page.content.decode()


def test_text_of_a_package_is_escaped(client, administrator):
    package = small_package()
    package["cohort"]["title"] = "<script>alert(1)</script>"
    package["hosts"][0]["<b>"] = 1
    page = upload(client, package)
    assert "<b>" not in page.content.decode().split('id="faults"')[1].split("</table>")[0]
    del package["hosts"][0]["<b>"]
    assert "<script>alert" not in client.get(upload(client, package).url).content.decode()


def test_report_of_a_known_cohort_shows_before_and_after(client, administrator):
    upload_and_confirm(client, small_package())
    package = small_package()
    package["cities"][0]["mission_city"] = False
    package["twins"] = package["pairings"] = []
    page = client.get(upload(client, package).url)
    (change,) = page.context["report"].changes
    assert (change.what, change.field, change.before, change.after) == ("City Lahti", "mission_city", "yes", "no")
    assert [what for what, _kept in page.context["report"].kept] == ["Twin Prishtina", "Pairing of Prishtina"]


def upload_and_confirm(client, package):
    address = upload(client, package).url
    return client.post(address, {"fingerprint": fingerprint_in(client.get(address))})


def test_same_file_again_offers_nothing_to_confirm(client, administrator):
    upload_and_confirm(client, small_package())
    page = client.get(upload(client, small_package()).url)
    assert not page.context["report"].has_changes
    assert "Nothing changes" in page.content.decode()
    assert 'name="fingerprint"' not in page.content.decode()


def test_what_changed_since_the_report_is_shown_anew_instead_of_imported(client, administrator):
    address = upload(client, small_package()).url
    shown = fingerprint_in(client.get(address))
    City.objects.create(slug="lahti", name="Lahti", country="FI")
    answer = client.post(address, {"fingerprint": shown})
    assert answer.status_code == 409
    assert "Something has changed since this report was made." in answer.content.decode()
    assert not Cohort.objects.exists()
    client.post(address, {"fingerprint": fingerprint_in(answer)})
    assert Cohort.objects.exists()


def test_confirming_without_a_fingerprint_imports_nothing(client, administrator):
    address = upload(client, small_package()).url
    assert client.post(address, {"fingerprint": "x"}).status_code == 200
    assert not Cohort.objects.exists()


def test_upload_of_somebody_else_does_not_exist(client, administrator):
    address = upload(client, small_package()).url
    client.force_login(UserFactory(administrator=True))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "observer"])
def test_others_may_not_import(client, role):
    client.force_login(UserFactory(**{role: True}))
    for address in (IMPORT, reverse("cohorts:package-review", args=["0" * 32])):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


def test_long_values_are_shortened_in_the_report(client, administrator):
    upload_and_confirm(client, small_package())
    package = json.loads(json.dumps(small_package()))
    package["hosts"][0]["summary"] = "x" * 5000
    (change,) = client.get(upload(client, package).url).context["report"].changes
    assert change.after == "x" * 299 + "…"
