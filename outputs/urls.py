from django.urls import path

from .views import checklists, desk, exceptions, facts, files, ideas, peers, reviews, rows, submitting, versions, writing

app_name = "outputs"
urlpatterns = [
    path("outputs/", desk.output_list, name="output-list"),
    path("outputs/review/", desk.review_queue, name="review-queue"),
    path("manage/programmes/<slug:slug>/checklists/", checklists.checklist_edit, name="checklist-edit"),
    path("outputs/<slug:code>/", desk.output_detail, name="output-detail"),
    path("outputs/<slug:code>/write/<slug:section>/", writing.output_section, name="output-section"),
    path("outputs/<slug:code>/autosave/", writing.output_autosave, name="output-autosave"),
    path("outputs/<slug:code>/write/<slug:section>/<slug:table>/add/", rows.row_add, name="row-add"),
    path("outputs/<slug:code>/write/<slug:section>/<slug:table>/<slug:row>/", rows.output_row, name="output-row"),
    path("outputs/<slug:code>/write/<slug:section>/<slug:table>/<slug:row>/move/", rows.row_move, name="row-move"),
    path(
        "outputs/<slug:code>/write/<slug:section>/<slug:table>/<slug:row>/remove/", rows.row_remove, name="row-remove"
    ),
    path(
        "outputs/<slug:code>/write/<slug:section>/<slug:table>/<slug:row>/restore/",
        rows.row_restore,
        name="row-restore",
    ),
    path("outputs/<slug:code>/ideas/", ideas.idea_list, name="idea-list"),
    path("outputs/<slug:code>/ideas/<slug:idea>/remove/", ideas.idea_remove, name="idea-remove"),
    path("outputs/<slug:code>/hints/", submitting.hint_answer, name="hint-answer"),
    path("outputs/<slug:code>/submit/", submitting.output_submit, name="output-submit"),
    path("outputs/<slug:code>/review/", reviews.output_review, name="output-review"),
    path("outputs/<slug:code>/review/keep/", reviews.review_keep, name="review-keep"),
    path("outputs/<slug:code>/send-back/", reviews.output_send_back, name="output-send-back"),
    path("outputs/<slug:code>/accept/", reviews.output_accept, name="output-accept"),
    path("outputs/<slug:code>/comments/add/", reviews.comment_add, name="comment-add"),
    path("outputs/<slug:code>/comments/<slug:comment>/solve/", reviews.comment_solve, name="comment-solve"),
    path("outputs/<slug:code>/comments/<slug:comment>/reopen/", reviews.comment_reopen, name="comment-reopen"),
    path("outputs/<slug:code>/extend/", exceptions.output_extend, name="output-extend"),
    path("outputs/<slug:code>/waive/", exceptions.output_waive, name="output-waive"),
    path("outputs/<slug:code>/unwaive/", exceptions.output_unwaive, name="output-unwaive"),
    path("outputs/<slug:code>/reopen/", exceptions.output_reopen, name="output-reopen"),
    path("outputs/<slug:code>/compare/", versions.version_compare, name="version-compare"),
    path("outputs/<slug:code>/versions/<int:number>/restore/", versions.version_restore, name="version-restore"),
    path("outputs/<slug:code>/versions/<int:number>/facts/", facts.version_facts, name="version-facts"),
    path("outputs/<slug:code>/versions/<int:number>/peers/", peers.peer_invite, name="peer-invite"),
    path("outputs/<slug:code>/peers/<slug:peer>/end/", peers.peer_end, name="peer-end"),
    path("outputs/<slug:code>/versions/<int:number>/", versions.version_detail, name="version-detail"),
    path("outputs/<slug:code>/versions/<int:number>/print/", files.version_print, name="version-print"),
    path("documents/<slug:code>/", files.document_download, name="document-download"),
    path("documents/<slug:code>/retry/", files.document_retry, name="document-retry"),
]
