"""Sentences of the journal for people and invitations."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "people.invitation.sent": _("{by} invited {object}: {purpose}"),
    "people.invitation.sent_again": _("{by} sent the invitation of {object} again; the link of before is void"),
    "people.invitation.withdrawn": _("{by} withdrew the invitation of {object}"),
    "people.invitation.accepted": _("{person} accepted the invitation: {purpose}"),
    "people.person.joined": _("{object} joined by invitation of {inviter}"),
    "people.person.changed": _("{by} changed the settings of {object}: {fields}"),
    "people.role.changed": _("{by} changed the role of {object} from “{before}” to “{after}”"),
    "people.person.deactivated": _("{by} deactivated {object}: {reason}"),
    "people.person.reactivated": _("{by} let {object} sign in again"),
}
