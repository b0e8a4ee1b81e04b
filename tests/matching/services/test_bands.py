"""Target bands are data of the cohort: set, told beside the proposed ones, and seen by the next run."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from matching.engine.types import DEFAULT_BANDS, Band
from matching.models import TargetBand
from matching.services.criteria import set_bands
from matching.snapshot import fingerprint_of, market_of
from tests.factories.cohorts import CohortFactory
from tests.factories.matching import TargetBandFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


def set_some(cohort, *bands):
    return set_bands(cohort, bands=bands, by=UserFactory(coordinator=True, name="Cora"), now=NOW)


def test_a_cohort_begins_with_the_proposed_bands_and_a_run_sees_its_own():
    cohort = cohort_to_match()
    before = market_of(cohort)
    assert before.bands == DEFAULT_BANDS

    set_some(cohort, Band("climate", 33, 20, 4), Band("maturity", -20, 10, 1))

    bands = {band.dimension: band for band in market_of(cohort).bands}
    assert (bands["climate"], bands["maturity"]) == (Band("climate", 33, 20, 4), Band("maturity", -20, 10, 1))
    assert [band.dimension for band in market_of(cohort).bands] == [band.dimension for band in DEFAULT_BANDS]
    assert fingerprint_of(market_of(cohort)) != fingerprint_of(before)
    (line,) = JournalEntry.objects.about(cohort)
    assert line.sentence == f"Cora changed the target bands of {cohort}: climate, maturity"


def test_what_is_as_proposed_again_leaves_no_row():
    cohort = TargetBandFactory(dimension="size").cohort
    assert set_some(cohort, *DEFAULT_BANDS) == DEFAULT_BANDS
    assert not TargetBand.objects.exists()


@pytest.mark.parametrize("band", [Band("size", -1, 0, 1), Band("size", 101, 0, 1), Band("size", 0, 201, 1), Band("size", 0, 0, 11)])  # fmt: skip
def test_a_band_off_the_scale_is_refused_by_its_dimension_and_nothing_is_written(band):
    cohort = CohortFactory()
    with pytest.raises(ValidationError) as refused:
        set_some(cohort, Band("climate", 33, 20, 4), band)
    assert list(refused.value.message_dict) == ["size"]
    assert not TargetBand.objects.exists()


@pytest.mark.parametrize("fields", [{"centre": 101}, {"width": 201}, {"weight": 11}])
def test_the_database_keeps_bands_on_the_scale(fields):
    band = TargetBandFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetBand.objects.filter(pk=band.pk).update(**fields)


def test_the_page_saves_the_numbers_and_says_what_is_wrong(client):
    cohort = cohort_to_match()
    client.force_login(UserFactory(coordinator=True))
    address = reverse("matching:band-list", args=[cohort.slug])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields}

    wrong = client.post(address, data | {"size_width": "900"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["size_width"])
    assert client.post(address, data | {"size_width": "30"}).status_code == 302

    assert list(TargetBand.objects.values_list("dimension", "width")) == [("size", 30)]
