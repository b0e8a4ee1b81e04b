from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused
from twinning.core.paging import is_narrowed, paginate

from ..filters import PersonFilter
from ..forms import DeactivationForm, RoleForm
from ..models import User
from ..selectors import people_for_list, person_rows
from ..services.accounts import deactivate_person, reactivate_person, set_role


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Every account, to be searched and narrowed; for administrators."""
    require(request.user, "people.manage_people")
    narrowed = PersonFilter(request.GET, queryset=people_for_list(request.user))
    page = paginate(request, narrowed.qs)
    context = {
        "filter": narrowed,
        "page": page,
        "rows": person_rows(page.object_list),
        "is_narrowed": is_narrowed(narrowed),
    }
    return render(request, "people/person_list.html", context)


@require_safe
def person_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One account with its roles and its history. Administrators see all of them, everybody their own."""
    person = get_visible_or_404(User.objects, request.user, code=code)
    require(request.user, "people.view_person", person)
    context = {
        "person": person,
        "roles": person_rows([person])[0].roles,
        "can_manage": may(request.user, "people.manage_people"),
        "role_form": RoleForm(initial={"role": person.platform_role}),
    }
    return render(request, "people/person_detail.html", context)


@require_POST
def person_role(request: HttpRequest, code: str) -> HttpResponse:
    person = get_visible_or_404(User.objects, request.user, code=code)
    require(request.user, "people.manage_people")
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            set_role(person, role=form.cleaned_data["role"], by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The role of %(person)s is saved.") % {"person": person})
    else:
        messages.error(request, _("Choose one of the roles."))
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the reason, then closes the account."""
    person = get_visible_or_404(User.objects, request.user, code=code)
    require(request.user, "people.manage_people")
    form = DeactivationForm(request.POST or None)
    if form.is_valid():
        try:
            deactivate_person(person, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(person)s can no longer sign in.") % {"person": person})
            return redirect(person)
    context = {"person": person, "form": form}
    return render(request, "people/person_deactivate.html", context, status=422 if form.is_bound else 200)


@require_POST
def person_reactivate(request: HttpRequest, code: str) -> HttpResponse:
    person = get_visible_or_404(User.objects, request.user, code=code)
    require(request.user, "people.manage_people")
    try:
        reactivate_person(person, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(person)s can sign in again.") % {"person": person})
    return redirect(person)
