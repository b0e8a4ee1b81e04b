"""Clusters of a cohort: one page that adds, changes and removes them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import answer, try_for

from ..forms.cluster import ClusterForm
from ..models import Cluster
from ..services.clusters import Members, add_cluster, change_cluster, remove_cluster


@require_http_methods(["GET", "HEAD", "POST"])
def cluster_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """`?cluster=code` changes that cluster, without it a new one is added."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "sensemaking.change_clusters", cohort)
    back_url = reverse("sensemaking:session-list", args=[cohort.slug]) + "#clusters"
    code = request.GET.get("cluster", "")
    cluster = get_object_or_404(Cluster, cohort=cohort, code=code) if code else None
    if request.method == "POST" and cluster and "remove" in request.POST:
        act = lambda: remove_cluster(cluster, by=request.user, now=timezone.now())  # noqa: E731
        return answer(request, act, said=_("The cluster is gone."), then=back_url)
    form = ClusterForm(request.POST or None, cohort=cohort, cluster=cluster)
    if request.method == "POST" and form.is_valid() and try_for(form, lambda: _save(form, cohort, cluster, request)):
        messages.success(request, _("The cluster is saved."))
        return redirect(back_url)
    context = {"cohort": cohort, "cluster": cluster, "form": form, "back_url": back_url}
    return render(request, "sensemaking/cluster_edit.html", context, status=422 if form.errors else 200)


def _save(form: ClusterForm, cohort: Cohort, cluster: Cluster | None, request: HttpRequest) -> None:
    data, now = form.cleaned_data, timezone.now()
    members = Members([each.pk for each in data["hostings"]], [each.pk for each in data["participations"]])
    if cluster is None:
        add_cluster(cohort, data["name"], members=members, by=request.user, now=now)
    else:
        change_cluster(cluster, name=data["name"], members=members, by=request.user, now=now)
