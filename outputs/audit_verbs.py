"""Sentences of the journal for outputs."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "outputs.output.planned": _("{object} was planned, due {due}"),
    "outputs.output.moved": _("The due date of {object} moved from {before} to {after}"),
    "outputs.output.begun": _("{by} began to write {object}"),
    "outputs.output.submitted": _("{by} submitted {object}, version {version}"),
    "outputs.output.sent_back": _("{by} sent {object} back"),
    "outputs.output.accepted": _("{by} accepted {object}"),
    "outputs.output.reopened": _("{by} reopened {object}: {reason}"),
    "outputs.output.extended": _("{by} extended {object} until {until}: {reason}"),
    "outputs.output.waived": _("{by} waived {object}: {reason}"),
    "outputs.output.unwaived": _("{by} took back the waiver of {object}"),
    "outputs.comment.written": _("{by} commented on {object}"),
    "outputs.comment.solved": _("{by} marked a comment on {object} as solved"),
    "outputs.comment.reopened": _("{by} opened a comment on {object} again"),
    "outputs.facts.checked": _("{by} checked the facts of {object}, version {version}"),
    "outputs.peer.invited": _("{by} invited {guest} of {city} to read {object}, version {version}"),
    "outputs.peer.ended": _("{by} took back the invitation of {guest} to read {object}"),
    "outputs.output.restored": _("{by} brought version {version} of {object} back into the draft"),
    "outputs.rows.reused": _("{by} took rows from {source} into {object}: {count}"),
    "outputs.checklist.changed": _("{by} changed the reviewers' checklists of {object}"),
    "outputs.document.ready": _("The PDF of {object} is ready"),
    "outputs.document.failed": _("The PDF of {object} could not be made: {error}"),
    "outputs.document.retried": _("{by} asked for the PDF of {object} again"),
    "outputs.reminder.sent": _("{person} was reminded of {object}"),
}
