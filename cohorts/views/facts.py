"""Facts of a city: stated and removed by those who run the programme, and by those who speak for the city."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import answer, try_for

from ..forms.facts import FactForm
from ..models import City, Term
from ..selectors.facts import dimensions_to_state
from ..services.facts import remove_fact, state_fact


def _city(request: HttpRequest, slug: str) -> City:
    city = get_visible_or_404(City.objects, request.user, slug=slug)
    require(request.user, "cohorts.state_fact", city)
    return city


def _dimension(code: str) -> Term:
    return get_object_or_404(dimensions_to_state(), code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def fact_edit(request: HttpRequest, slug: str, dimension: str) -> HttpResponse:
    """State what is known about a city in one dimension, with its source and date."""
    city, term = _city(request, slug), _dimension(dimension)
    fact = city.facts.filter(dimension=term).first()
    form = FactForm(
        request.POST or None,
        city=city,
        dimension=term,
        fact=fact,
        steers=request.user.steers,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: state_fact(city, dimension=term, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("Saved."))
            return redirect(f"{city.get_absolute_url()}#context")
    context = {"city": city, "dimension": term, "fact": fact, "form": form}
    return render(request, "cohorts/fact_edit.html", context, status=422 if form.errors else 200)


@require_POST
def fact_remove(request: HttpRequest, slug: str, dimension: str) -> HttpResponse:
    """Take a fact away that turned out to be wrong."""
    city, term = _city(request, slug), _dimension(dimension)
    fact = get_object_or_404(city.facts, dimension=term)
    return answer(
        request,
        lambda: remove_fact(fact, by=request.user, now=timezone.now()),
        said=_("Removed. The dimension is unknown again."),
        then=f"{city.get_absolute_url()}#context",
    )
