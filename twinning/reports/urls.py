from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("manage/cohorts/<slug:slug>/workbook.xlsx", views.cohort_workbook, name="cohort-workbook"),
    path("manage/cohorts/<slug:slug>/package.json", views.cohort_package, name="cohort-package"),
    path("matching/<str:code>/memo.pdf", views.run_memo, name="run-memo"),
    path("matching/<str:code>/memo.docx", views.run_memo_docx, name="run-memo-docx"),
]
