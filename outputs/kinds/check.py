"""The last section of every kind."""

from django.utils.translation import gettext_lazy as _

from .spec import Part, Section

CHECK = Section(
    "check",
    _("Check and submit"),
    _(
        "What is still missing, with a link to each place. When everything needed is there, submit it to your facilitator."
    ),
    part=Part.CHECK,
)
