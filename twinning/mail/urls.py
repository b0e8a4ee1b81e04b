from django.urls import path

from . import views

app_name = "mail"
urlpatterns = [
    path("letters/", views.letter_list, name="letter-list"),
    path("cohorts/<slug:slug>/letters/", views.letter_list, name="letter-list"),
    path("letters/<str:code>/", views.letter_detail, name="letter-detail"),
    path("letters/<str:code>/retry/", views.letter_retry, name="letter-retry"),
    path("letters/<str:code>/cancel/", views.letter_cancel, name="letter-cancel"),
]
