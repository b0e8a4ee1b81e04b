"""Sentences of the journal for sensemaking."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "sensemaking.session.planned": _("{by} planned the session {object}"),
    "sensemaking.session.changed": _("{by} changed the session {object}"),
    "sensemaking.session.opened": _("{by} opened the session {object}"),
    "sensemaking.session.closed": _("{by} closed the session {object}"),
    "sensemaking.session.cancelled": _("{by} cancelled the session {object}"),
    "sensemaking.session.planned_again": _("{by} planned the cancelled session {object} again"),
    "sensemaking.rooms.added": _("{by} added rooms to {object}: {rooms}"),
    "sensemaking.rooms.changed": _("{by} changed rooms of {object}"),
    "sensemaking.rooms.removed": _("{by} removed the room {room} of {object}"),
    "sensemaking.rooms.allocated": _("{by} allocated the rooms of {object}: {points} points"),
    "sensemaking.rooms.shown": _("{by} showed the rooms of {object} to everybody"),
    "sensemaking.rooms.hidden": _("{by} took the rooms of {object} back into preparation"),
    "sensemaking.rooms.repaired": _("{by} repaired the rooms of {object}; moves: {count}"),
    "sensemaking.guests.added": _("{by} put people on the list of {object}: {count}"),
    "sensemaking.guest.added": _("{by} put {guest} on the list of {object}"),
    "sensemaking.guests.removed": _("{by} took {guest} off the list of {object}"),
    "sensemaking.guests.changed": _("{by} changed {guest} on the list of {object}"),
    "sensemaking.seat.chosen": _("{guest} chose the room {room} of {object}"),
    "sensemaking.seat.left": _("{guest} left the room {room} of {object}"),
    "sensemaking.seat.moved": _("{by} moved {guest} to the room {room} of {object}"),
    "sensemaking.joining.opened": _("{by} opened the link by which people join {object}"),
    "sensemaking.joining.closed": _("{by} closed the link by which people join {object}"),
    "sensemaking.cluster.changed": _("{by} changed the clusters of {object}"),
}
