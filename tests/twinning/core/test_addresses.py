"""Addresses made by the hundred are those that Django would have given one by one."""

from django.urls import reverse

from twinning.core.addresses import addresses_of


def test_an_address_is_the_one_that_the_view_has():
    assert addresses_of("cohorts:pairing-detail")("AB7K2345") == reverse("cohorts:pairing-detail", args=["AB7K2345"])
    assert addresses_of("cohorts:host-detail")("rescoop-vpp") == reverse("cohorts:host-detail", args=["rescoop-vpp"])
