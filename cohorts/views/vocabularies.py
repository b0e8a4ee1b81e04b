"""The controlled lists: emission domains, levers of change and others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import require
from twinning.core.answers import try_for

from ..forms.vocabularies import TermAddForm, TermForm
from ..models import Vocabulary
from ..selectors.vocabularies import terms_for_list, vocabularies_for_list
from ..services.terms import add_term, change_term


def _vocabulary(request: HttpRequest, slug: str) -> Vocabulary:
    require(request.user, "cohorts.manage_vocabularies")
    return get_object_or_404(Vocabulary, slug=slug)


@require_safe
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "cohorts.manage_vocabularies")
    return render(request, "cohorts/vocabulary_list.html", {"vocabularies": vocabularies_for_list()})


@require_safe
def vocabulary_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The terms of one list, retired ones too, and how often each is used."""
    vocabulary = _vocabulary(request, slug)
    return render(
        request,
        "cohorts/vocabulary_detail.html",
        {"vocabulary": vocabulary, "terms_listed": terms_for_list(vocabulary)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def term_add(request: HttpRequest, slug: str) -> HttpResponse:
    vocabulary = _vocabulary(request, slug)
    form = TermAddForm(request.POST or None, vocabulary=vocabulary)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: add_term(vocabulary, by=request.user, now=now, **form.cleaned_data)):
            return redirect("cohorts:vocabulary-detail", vocabulary.slug)
    context = {"vocabulary": vocabulary, "form": form}
    return render(request, "cohorts/term_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Rename, move or retire a term."""
    vocabulary = _vocabulary(request, slug)
    term = get_object_or_404(vocabulary.terms, code=code)
    form = TermForm(request.POST or None, instance=term)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: change_term(term, by=request.user, now=now, **form.cleaned_data)):
            return redirect("cohorts:vocabulary-detail", vocabulary.slug)
    context = {"vocabulary": vocabulary, "term": term, "form": form, "history": history_of(term)}
    return render(request, "cohorts/term_edit.html", context, status=422 if form.errors else 200)
