"""Pages of a list."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS_PER_PAGE = 25


def paginate(request: HttpRequest, rows: QuerySet, *, per_page: int = ROWS_PER_PAGE, count: int | None = None) -> Page:
    """The page that `?page=` names; the nearest one where there is no such page. `count`: of the rows, where it is known."""
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))


def is_narrowed(filterset) -> bool:
    """Whether the address chooses anything of this filter (a FilterSet of django-filter)."""
    return any(filterset.data.get(name) for name in filterset.filters)
