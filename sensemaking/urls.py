from django.urls import path

from .views import boards, clusters, imports, insights, lineage, own, people, reports, rooms, sessions

app_name = "sensemaking"
urlpatterns = [
    path("cohorts/<slug:slug>/sensemaking/", sessions.session_list, name="session-list"),
    path("cohorts/<slug:slug>/sensemaking/plan/", sessions.session_plan, name="session-plan"),
    path("cohorts/<slug:slug>/sensemaking/clusters/", clusters.cluster_edit, name="cluster-edit"),
    path("sessions/<slug:code>/", sessions.session_detail, name="session-detail"),
    path("sessions/<slug:code>/edit/", sessions.session_edit, name="session-edit"),
    path("sessions/<slug:code>/move/<slug:move>/", sessions.session_move, name="session-move"),
    # people
    path("sessions/<slug:code>/people/", people.guest_list, name="guest-list"),
    path("sessions/<slug:code>/people/invite/", people.guest_invite, name="guest-invite"),
    path("sessions/<slug:code>/people/codes/", people.code_sheet, name="code-sheet"),
    path("sessions/<slug:code>/people/<slug:guest>/", people.guest_edit, name="guest-edit"),
    path("sessions/<slug:code>/people/<slug:guest>/mark/", people.guest_mark, name="guest-mark"),
    path("sessions/<slug:code>/people/<slug:guest>/seat/", people.guest_seat, name="guest-seat"),
    # rooms
    path("sessions/<slug:code>/rooms/", rooms.room_list, name="room-list"),
    path("sessions/<slug:code>/rooms.csv", rooms.room_csv, name="room-csv"),
    path("sessions/<slug:code>/rooms.pdf", rooms.room_pdf, name="room-pdf"),
    path("sessions/<slug:code>/rooms/add/", rooms.room_add, name="room-add"),
    path("sessions/<slug:code>/rooms/allocate/", rooms.room_allocate, name="room-allocate"),
    path("sessions/<slug:code>/rooms/allocate/end/", rooms.room_search_cancel, name="room-search-cancel"),
    path("sessions/<slug:code>/rooms/repair/", rooms.room_repair, name="room-repair"),
    path("sessions/<slug:code>/rooms/show/", rooms.room_show, name="room-show"),
    path("sessions/<slug:code>/rooms/apart/", rooms.rule_add, name="room-rule-add"),
    path("sessions/<slug:code>/rooms/apart/<int:number>/end/", rooms.rule_end, name="room-rule-end"),
    path("sessions/<slug:code>/rooms/<slug:room>/edit/", rooms.room_edit, name="room-edit"),
    path("sessions/<slug:code>/seats/<slug:guest>/move/", rooms.seat_move, name="seat-move"),
    path("sessions/<slug:code>/seats/<slug:guest>/pin/", rooms.seat_pin, name="seat-pin"),
    # from notes to insights
    path("sessions/<slug:code>/insights/", insights.workbench, name="workbench"),
    path("sessions/<slug:code>/insights/suggested/", insights.suggestions, name="suggestions"),
    path("cohorts/<slug:slug>/insights/", insights.insight_list, name="insight-list"),
    path("cohorts/<slug:slug>/insights/rounds/", insights.rounds_compared, name="rounds-compared"),
    path("cohorts/<slug:slug>/insights/advice/", insights.advice_list, name="advice-list"),
    path("insights/<slug:code>/", insights.insight_detail, name="insight-detail"),
    path("insights/<slug:code>/edit/", insights.insight_edit, name="insight-edit"),
    path("insights/<slug:code>/move/<slug:move>/", insights.insight_move, name="insight-move"),
    path("insights/<slug:code>/notes/", insights.insight_notes, name="insight-notes"),
    path("insights/<slug:code>/merge/", insights.insight_merge, name="insight-merge"),
    # lineage, coverage, consent
    path("notes/<slug:code>/", lineage.note_detail, name="note-detail"),
    path("sessions/<slug:code>/coverage/", lineage.coverage, name="coverage"),
    path("cohorts/<slug:slug>/coverage/", lineage.cohort_coverage, name="cohort-coverage"),
    path("origins/<slug:kind>/<slug:code>/", lineage.row_origins, name="row-origins"),
    path("sessions/<slug:code>/people/<slug:guest>/consent/", lineage.guest_consent, name="guest-consent"),
    # the report
    path("sessions/<slug:code>/report/", reports.report, name="report"),
    path("sessions/<slug:code>/report/edit/", reports.report_edit, name="report-edit"),
    path("sessions/<slug:code>/report/publish/", reports.report_publish, name="report-publish"),
    path("sessions/<slug:code>/report/revise/", reports.report_revise, name="report-revise"),
    path("sessions/<slug:code>/report/print/", reports.report_print, name="report-print"),
    path("sessions/<slug:code>/report.docx", reports.report_word, name="report-word"),
    path("sessions/<slug:code>/report.pdf", reports.report_file, name="report-file"),
    path("sessions/<slug:code>/report/retry/", reports.report_retry, name="report-retry"),
    # the board
    path("sessions/<slug:code>/board/", boards.board_enter, name="board-enter"),
    path("sessions/<slug:code>/joining/", boards.joining, name="joining"),
    path("sessions/<slug:code>/notes/import/", imports.note_import, name="note-import"),
    path("sessions/<slug:code>/notes/import/<int:number>/end/", imports.note_import_end, name="note-import-end"),
    path("sessions/<slug:code>/notes/import/<slug:token>/", imports.note_import_review, name="note-import-review"),
    # without an account
    path("take-part/<str:key>/", boards.join, name="join"),
    path("room/<str:key>/board/", boards.board, name="board"),
    path("room/<str:key>/board/act/", boards.board_act, name="board-act"),
    path("room/<str:key>/board/state/", boards.board_state, name="board-state"),
    path("room/<str:key>/consent/", lineage.own_consent, name="own-consent"),
    path("room/<str:key>/", own.your_room, name="your-room"),
    path("room/<str:key>/code.svg", own.your_room_code, name="your-room-code"),
]
