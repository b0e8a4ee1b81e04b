"""Every address of the application. Paths are nouns with public codes; each app names its own."""

from django.urls import include, path

urlpatterns = [
    path(
        "", include("outputs.urls")
    ),  # first, because addresses are compared in turn, and texts are saved every few seconds
    path("accounts/", include("allauth.urls")),
    path("", include("twinning.portal.urls")),
    path("", include("twinning.people.urls")),
    path("", include("twinning.mail.urls")),
    path("", include("twinning.reports.urls")),
    path("", include("cohorts.urls")),
    path("", include("matching.urls")),
    path("", include("sensemaking.urls")),
]
