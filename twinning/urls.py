"""Every address of the application. Paths are nouns with public codes; each app names its own."""

from django.urls import include, path

urlpatterns = [
    # First: addresses are compared in turn, and texts are saved every few seconds.
    path("", include("outputs.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("twinning.portal.urls")),
    path("", include("twinning.people.urls")),
    path("", include("twinning.mail.urls")),
    path("", include("twinning.reports.urls")),
    path("", include("cohorts.urls")),
    path("", include("matching.urls")),
    path("", include("sensemaking.urls")),
]
