from django.urls import path, register_converter

from .views import (
    acting,
    both_sides,
    cities,
    events,
    facts,
    feeds,
    hostings,
    hosts,
    manage,
    packages,
    pairings,
    participations,
    programmes,
    register,
    vocabularies,
)


class EventMove:
    """One of the moves of an event."""

    regex = "hold|cancel|plan-again"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(EventMove, "event_move")

app_name = "cohorts"
urlpatterns = [
    # read by everybody, as far as they may see it
    path("cohorts/", register.cohort_list, name="cohort-list"),
    path("cohorts/<slug:slug>/calendar/", events.calendar, name="calendar"),
    path("cities/", register.city_list, name="city-list"),
    path("cities/<slug:slug>/", register.city_detail, name="city-detail"),
    path("cities/<slug:slug>/facts/<slug:dimension>/", facts.fact_edit, name="fact-edit"),
    path("cities/<slug:slug>/facts/<slug:dimension>/remove/", facts.fact_remove, name="fact-remove"),
    path("hosts/", register.host_list, name="host-list"),
    path("hosts/<slug:slug>/", register.host_detail, name="host-detail"),
    path("acting-for/", acting.act_for, name="act-for"),
    path("calendar/", feeds.calendar_subscription, name="calendar-subscription"),
    path("calendar/<str:secret>.ics", feeds.calendar_feed, name="calendar-feed"),
    # pairings
    path("pairings/", pairings.pairing_list, name="pairing-list"),
    path("pairings/<str:code>/", pairings.pairing_detail, name="pairing-detail"),
    path("pairings/<str:code>/answer/", both_sides.pairing_answer, name="pairing-answer"),
    path("pairings/<str:code>/fit/", both_sides.fit_state, name="fit-state"),
    path("pairings/<str:code>/end/", pairings.pairing_end, name="pairing-end"),
    path("pairings/<str:code>/host/", pairings.pairing_rematch, name="pairing-rematch"),
    path("pairings/<str:code>/facilitators/", pairings.facilitator_assign, name="facilitator-assign"),
    path(
        "pairings/<str:code>/facilitators/<str:person>/release/",
        pairings.facilitator_release,
        name="facilitator-release",
    ),
    # events
    path("events/<str:code>/", events.event_detail, name="event-detail"),
    path("events/<str:code>/edit/", events.event_edit, name="event-edit"),
    path("events/<str:code>/<event_move:move>/", events.event_move, name="event-move"),
    path("milestones/<str:code>/sign-off/", events.milestone_sign_off, name="milestone-sign-off"),
    # participations and their people
    path("participations/<str:code>/", participations.participation_detail, name="participation-detail"),
    path("participations/<str:code>/officers/invite/", participations.officer_invite, name="officer-invite"),
    path("participations/<str:code>/officers/<str:person>/lead/", participations.officer_lead, name="officer-lead"),
    path("participations/<str:code>/officers/<str:person>/end/", participations.officer_end, name="officer-end"),
    path(
        "participations/<str:code>/description/", participations.participation_describe, name="participation-describe"
    ),
    path("participations/<str:code>/<slug:move>/", participations.participation_move, name="participation-move"),
    # coordinators' pages
    path("manage/cohorts/new/", manage.cohort_create, name="cohort-create"),
    path("manage/cohorts/<slug:slug>/", manage.cohort_edit, name="cohort-edit"),
    path("manage/cohorts/<slug:slug>/kick-off/", manage.kickoff_change, name="kickoff-change"),
    path("manage/cohorts/<slug:slug>/team/", manage.team_add, name="team-add"),
    path("manage/cohorts/<slug:slug>/team/<str:person>/remove/", manage.team_remove, name="team-remove"),
    path("manage/cohorts/<slug:slug>/twins/", manage.participation_list, name="participation-list"),
    path("manage/cohorts/<slug:slug>/twins/add/", hosts.participation_add, name="participation-add"),
    path("manage/cohorts/<slug:slug>/hosts/", hostings.hosting_list, name="hosting-list"),
    path("manage/cohorts/<slug:slug>/hosts/add/", hosts.hosting_add, name="hosting-add"),
    path("manage/cohorts/<slug:slug>/announcement/", manage.pairing_announce, name="pairing-announce"),
    path("manage/cohorts/<slug:slug>/facilitators/", manage.facilitator_list, name="facilitator-list"),
    path("manage/hostings/<str:code>/", hostings.hosting_edit, name="hosting-edit"),
    path("manage/hostings/<str:code>/withdraw/", hostings.hosting_withdraw, name="hosting-withdraw"),
    path("manage/hostings/<str:code>/readmit/", hostings.hosting_readmit, name="hosting-readmit"),
    path("manage/hostings/<str:code>/contacts/invite/", hostings.contact_invite, name="contact-invite"),
    path("manage/hostings/<str:code>/contacts/<str:person>/end/", hostings.contact_end, name="contact-end"),
    path("manage/cities/new/", cities.city_create, name="city-create"),
    path("manage/cities/<slug:slug>/", cities.city_edit, name="city-edit"),
    path("manage/hosts/new/", hosts.host_create, name="host-create"),
    path("manage/hosts/<slug:slug>/", hosts.host_edit, name="host-edit"),
    path("manage/programmes/", programmes.programme_list, name="programme-list"),
    path("manage/programmes/<slug:slug>/", programmes.programme_detail, name="programme-detail"),
    path("manage/programmes/<slug:slug>/edit/", programmes.programme_edit, name="programme-edit"),
    path("manage/programmes/<slug:slug>/copy/", programmes.programme_copy, name="programme-copy"),
    path("manage/vocabularies/", vocabularies.vocabulary_list, name="vocabulary-list"),
    path("manage/vocabularies/<slug:slug>/", vocabularies.vocabulary_detail, name="vocabulary-detail"),
    path("manage/vocabularies/<slug:slug>/terms/", vocabularies.term_add, name="term-add"),
    path("manage/vocabularies/<slug:slug>/terms/<slug:code>/", vocabularies.term_edit, name="term-edit"),
    path("manage/packages/", packages.package_import, name="package-import"),
    path("manage/packages/<slug:token>/", packages.package_review, name="package-review"),
]
