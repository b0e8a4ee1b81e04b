from celery import shared_task
from django.utils import timezone

from .models import Run
from .services.runs import solve_run, sweep_runs


@shared_task(name="matching.run")
def match_run(run_pk: int) -> None:
    """Solve one queued run."""
    run = Run.objects.select_related("cohort").filter(pk=run_pk).first()
    if run:
        solve_run(run, now=timezone.now())


@shared_task(name="matching.sweep_runs")
def sweep_queued_runs() -> int:
    return sweep_runs(now=timezone.now())
