"""Names of the shared world on pages."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .. import models
from ..states import VisitDirection

register = template.Library()


@register.filter
def host_label(host: models.Host) -> str:
    """The name a reader knows. Wants prefetched cities, or asks for them."""
    return models.host_label(host)


@register.filter
def travels(event: models.Event) -> str:
    """Who travels to whom, with names. Wants the pairing with both sides."""
    if not event.direction or not event.pairing_id:
        return gettext("not decided")
    twin, host = str(event.pairing.participation.city), models.host_label(event.pairing.hosting.host)
    if event.direction == VisitDirection.TWIN_TRAVELS:
        return gettext("%(twin)s travels to %(host)s") % {"twin": twin, "host": host}
    return gettext("%(host)s travels to %(twin)s") % {"twin": twin, "host": host}


@register.simple_tag
def terms(shown: list) -> SafeString:
    """Domains or levers in one line; what a reader inferred is marked as such."""
    mark = format_html(' <span class="text-secondary">({})</span>', gettext("inferred"))
    return format_html_join("; ", "{}{}", ((term.label, mark if term.is_inferred else "") for term in shown))
