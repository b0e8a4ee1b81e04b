"""What both sides say of their pairings later, beside the score that made them."""

from dataclasses import dataclass

from django.db.models import Prefetch

from cohorts.models import Cohort, FitStatement, Pairing, host_label
from cohorts.states import Side

from .matrix import points_of

WIDTH, HEIGHT, EDGE = 480, 240, 36  # of the picture, in its own units


@dataclass(frozen=True, slots=True)
class Dot:
    """One statement in the picture: the score of then to the right, the fit upwards."""

    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class HindsightRow:
    pairing: Pairing
    twin: str
    host: str
    points: int | None  # of 100; None where no run proposed the pairing
    by_twin: list[FitStatement]
    by_host: list[FitStatement]

    @property
    def dots(self) -> list[Dot]:
        if self.points is None:
            return []
        return [_dot(self.points, row) for row in [*self.by_twin, *self.by_host]]


def hindsight_of(cohort: Cohort, user) -> list[HindsightRow]:
    """Every pairing of the cohort that was announced, ended ones included, by the twin's name. Three queries."""
    statements = FitStatement.objects.order_by("month", "pk")
    pairings = (
        Pairing.objects.visible_to(user)
        .in_cohort(cohort)
        .filter(announced_at__isnull=False)
        .select_related("proposal")
        .with_sides()
        .prefetch_related(Prefetch("fit_statements", statements))
        .order_by("participation__city__name", "pk")
    )
    return [_row(pairing) for pairing in pairings]


def _row(pairing: Pairing) -> HindsightRow:
    said = list(pairing.fit_statements.all())
    proposal = getattr(pairing, "proposal", None)
    return HindsightRow(
        pairing=pairing,
        twin=str(pairing.participation.city),
        host=host_label(pairing.hosting.host),
        points=points_of(proposal.score) if proposal else None,
        by_twin=[row for row in said if row.side == Side.TWIN],
        by_host=[row for row in said if row.side == Side.HOST],
    )


def _dot(points: int, row: FitStatement) -> Dot:
    x = EDGE + points / 100 * (WIDTH - 2 * EDGE)
    y = HEIGHT - EDGE - (row.score - 1) / 4 * (HEIGHT - 2 * EDGE)
    return Dot(round(x, 1), round(y, 1), row.side)
