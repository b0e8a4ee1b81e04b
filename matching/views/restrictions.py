"""The rules of a cohort and the wishes of its twins."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.models import Cohort, Participation
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..forms.rule import RULE_FORMS, WishesForm
from ..models import Rule
from ..selectors.rules import rule_sentence, rules_of, twins_with_wishes
from ..selectors.runs import outlook_of
from ..services.rules import add_rule, end_rule, mend_rules, set_wishes

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def cohort_to_match_or_404(request, slug):
    """The cohort, for those who may look at its matching; for everybody else there is none."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404
    return cohort


@PAGE
def rule_list(request, slug):
    """What no plan may break, what the twins wish, and a form for each family of rules."""
    cohort = cohort_to_match_or_404(request, slug)
    may_change = may(request.user, "matching.change_rule", cohort)
    sent = request.POST.get("family", "") if request.method == "POST" else ""
    forms = {
        name: kind(request.POST if name == sent else None, cohort=cohort, auto_id=f"id_{name}_%s")
        for name, kind in RULE_FORMS.items()
    }
    if request.method == "POST":
        require(request.user, "matching.change_rule", cohort)
        form = forms.get(sent)
        if form is None:
            raise BadRequest("This family of rules is not known.")
        if form.is_valid():
            try:
                add_rule(form.instance, by=request.user, now=timezone.now())
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The rule holds from now on."))
                return redirect("matching:rule-list", slug=cohort.slug)
    context = {
        "cohort": cohort,
        "rules": [{"rule": rule, "sentence": rule_sentence(rule)} for rule in rules_of(cohort)],
        "outlook": outlook_of(cohort),
        "twins": twins_with_wishes(cohort),
        "forms": forms,
        "sent": sent,
        "form": forms.get(sent),
        "may_change": may_change,
    }
    return render(request, "matching/rule_list.html", context, status=422 if sent else 200)


@require_POST
def rule_end(request, slug, code):
    cohort = cohort_to_match_or_404(request, slug)
    rule = get_object_or_404(Rule.objects.in_cohort(cohort), code=code)
    require(request.user, "matching.change_rule", cohort)
    try:
        end_rule(rule, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The rule has ended. Runs that looked at it keep it."))
    return redirect("matching:rule-list", slug=cohort.slug)


@require_POST
def rule_mend(request, slug):
    """Let rules give way that cannot hold together with the others."""
    cohort = cohort_to_match_or_404(request, slug)
    require(request.user, "matching.change_rule", cohort)
    repair, reason = request.POST.get("repair", ""), request.POST.get("reason", "")
    try:
        given = mend_rules(cohort, repair=repair, reason=reason, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The rules can hold together now: %(changes)s.") % {"changes": "; ".join(given)})
    return redirect("matching:rule-list", slug=cohort.slug)


@PAGE
def wish_edit(request, slug, twin):
    """The hosts that one twin asks for, noted by the team."""
    cohort = cohort_to_match_or_404(request, slug)
    participations = Participation.objects.in_cohort(cohort).select_related("city", "cohort")
    participation = get_object_or_404(participations, city__slug=twin)
    require(request.user, "matching.change_rule", cohort)
    form = WishesForm(request.POST or None, participation=participation)
    if request.method == "POST" and form.is_valid():
        try:
            set_wishes(participation, wishes=form.wishes, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The wishes are noted."))
            return redirect("matching:rule-list", slug=cohort.slug)
    context = {"cohort": cohort, "participation": participation, "form": form}
    return render(request, "matching/rule_wishes.html", context, status=422 if form.errors else 200)
