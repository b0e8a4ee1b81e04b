from django.urls import path

from . import health
from .views.about import accessibility, components
from .views.cohort import cohort
from .views.desk import desk

app_name = "portal"
urlpatterns = [
    path("", desk, name="desk"),
    path("cohorts/<slug:slug>/", cohort, name="cohort"),
    path("accessibility/", accessibility, name="accessibility"),
    path("components/", components, name="components"),
    path("healthz", health.healthz, name="healthz"),
]
