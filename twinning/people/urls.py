from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("settings/", views.own_settings, name="own-settings"),
    path("people/", views.person_list, name="person-list"),
    path("people/<str:code>/", views.person_detail, name="person-detail"),
    path("people/<str:code>/role/", views.person_role, name="person-role"),
    path("people/<str:code>/deactivate/", views.person_deactivate, name="person-deactivate"),
    path("people/<str:code>/reactivate/", views.person_reactivate, name="person-reactivate"),
    path("invitations/", views.invitation_list, name="invitation-list"),
    path("invitations/new/", views.invitation_create, name="invitation-create"),
    path("invitations/<str:code>/resend/", views.invitation_resend, name="invitation-resend"),
    path("invitations/<str:code>/withdraw/", views.invitation_withdraw, name="invitation-withdraw"),
    path("join/<str:secret>/", views.invitation_open, name="invitation-open"),
]
