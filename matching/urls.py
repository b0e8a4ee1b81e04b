from django.urls import path

from . import views

app_name = "matching"
urlpatterns = [
    path("cohorts/<slug:slug>/matching/", views.run_list, name="run-list"),
    path("cohorts/<slug:slug>/matching/hindsight/", views.hindsight, name="hindsight"),
    path("cohorts/<slug:slug>/matching/rematch/", views.rematch_plan, name="rematch-plan"),
    path("cohorts/<slug:slug>/matching/rematch/announce/", views.rematch_announce, name="rematch-announce"),
    path("cohorts/<slug:slug>/matching/rematch/weights/", views.rematch_prices, name="rematch-prices"),
    path("cohorts/<slug:slug>/matching/bands/", views.band_list, name="band-list"),
    path("cohorts/<slug:slug>/matching/rules/", views.rule_list, name="rule-list"),
    path("cohorts/<slug:slug>/matching/rules/mend/", views.rule_mend, name="rule-mend"),
    path("cohorts/<slug:slug>/matching/rules/<str:code>/end/", views.rule_end, name="rule-end"),
    path("cohorts/<slug:slug>/matching/scenarios/", views.scenario_list, name="scenario-list"),
    path("cohorts/<slug:slug>/matching/compare/", views.scenario_compare, name="scenario-compare"),
    path("cohorts/<slug:slug>/matching/studio/<str:code>/", views.scenario_studio, name="scenario-studio"),
    path("cohorts/<slug:slug>/matching/studio/<str:code>/curve/", views.scenario_tradeoff, name="scenario-tradeoff"),
    path("cohorts/<slug:slug>/matching/studio/<str:code>/confirm/", views.scenario_confirm, name="scenario-confirm"),
    path("cohorts/<slug:slug>/matching/studio/<str:code>/discard/", views.scenario_discard, name="scenario-discard"),
    path("cohorts/<slug:slug>/matching/wishes/<slug:twin>/", views.wish_edit, name="wish-edit"),
    path("matching/<str:code>/", views.run_detail, name="run-detail"),
    path("matching/<str:code>/cancel/", views.run_cancel, name="run-cancel"),
    path("matching/<str:code>/mend/", views.run_mend, name="run-mend"),
    path("matching/<str:code>/confirm/", views.run_confirm, name="run-confirm"),
    path("matching/<str:code>/discard/", views.run_discard, name="run-discard"),
    path("matching/<str:code>/announce/", views.run_announce, name="run-announce"),
    path("matching/<str:code>/twins/<slug:twin>/", views.proposal_change, name="proposal-change"),
]
