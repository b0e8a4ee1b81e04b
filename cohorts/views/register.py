"""The register that everybody reads: cohorts, cities, hosts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may
from twinning.core.paging import paginate

from ..filters import CityFilter, HostFilter
from ..models import City, Host, host_label
from ..selectors.cities import cities_for_list, hosts_of_city, parts_of_city
from ..selectors.cohorts import cohorts_for_list
from ..selectors.facts import facts_of_city, partners_of_city
from ..selectors.hosts import host_page, hosts_for_list


@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    """The reader's cohorts, youngest first."""
    context = {
        "page": paginate(request, cohorts_for_list(request.user)),
        "today": timezone.localdate(),
        "may_create": may(request.user, "cohorts.create_cohort"),
        "may_import": may(request.user, "cohorts.import_package"),
        "may_programmes": may(request.user, "cohorts.manage_programmes"),
        "may_vocabularies": may(request.user, "cohorts.manage_vocabularies"),
    }
    return render(request, "cohorts/cohort_list.html", context)


@require_safe
def city_list(request: HttpRequest) -> HttpResponse:
    """The register of cities. The search ignores case and diacritics and knows every spelling."""
    narrowed = CityFilter(request.GET, queryset=cities_for_list(request.user), request=request)
    context = {"filter": narrowed, "page": paginate(request, narrowed.qs), "is_narrowed": any(request.GET.values())}
    return render(request, "cohorts/city_list.html", context)


@require_safe
def city_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One city: its names, its facts with sources beside its partners', and what it did in which cohort."""
    city = get_visible_or_404(City.objects, request.user, slug=slug)
    partners = partners_of_city(city, request.user)
    context = {
        "city": city,
        "partners": partners,
        "dimensions": facts_of_city(city, partners),
        "may_state": may(request.user, "cohorts.state_fact", city),
        "may_manage": may(request.user, "cohorts.manage_register"),
        "history": history_of(city),
        "names": city.names.order_by("kind", "name", "pk"),
        "hosts": hosts_of_city(city),
        "parts": parts_of_city(city, request.user),
    }
    return render(request, "cohorts/city_detail.html", context)


@require_safe
def host_list(request: HttpRequest) -> HttpResponse:
    """The register of hosts."""
    narrowed = HostFilter(request.GET, queryset=hosts_for_list(request.user), request=request)
    context = {"filter": narrowed, "page": paginate(request, narrowed.qs), "is_narrowed": any(request.GET.values())}
    return render(request, "cohorts/host_list.html", context)


@require_safe
def host_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One host: its cities, what it offers and looks for, and the twins that learn with it."""
    host = get_visible_or_404(Host.objects.prefetch_related("host_cities__city"), request.user, slug=slug)
    shown = host_page(host, request.user)
    context = {
        "host": host,
        "label": host_label(host),
        "may_manage": may(request.user, "cohorts.manage_register"),
        "history": history_of(host),
        "cities": [row.city for row in sorted(host.host_cities.all(), key=lambda row: row.position)],
        "shown": shown,
        "places": [
            {"hosting": hosting, "may_change": may(request.user, "cohorts.change_hosting", hosting)}
            for hosting in shown.hostings
        ],
    }
    return render(request, "cohorts/host_detail.html", context)
