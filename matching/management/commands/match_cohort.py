"""Match a cohort from the command line and print the result, or why it is so, as a text or as JSON."""

import json
from dataclasses import asdict, replace

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from cohorts.models import Cohort
from matching.engine.certificate import verify
from matching.engine.plans import measure
from matching.engine.types import UnsolvableRules
from matching.models import Run, Scenario
from matching.selectors.criteria import weights_of
from matching.selectors.explanations import Storyteller, keep_solved, outcome_of
from matching.selectors.runs import result_of
from matching.services.runs import new_run, stage_run, unmatched_of
from matching.states import Objective, RunScope
from twinning.audit.services import record
from twinning.core.errors import Refused


class Command(BaseCommand):
    help = (
        "Match the twins of a cohort with its hosts. Proposes only: pairings come into being when a run is confirmed."
    )

    def add_arguments(self, parser):
        parser.add_argument("cohort", help="id of the cohort, for example cohort-1")
        parser.add_argument("--json", action="store_true", help="print the result as JSON instead of a summary")
        parser.add_argument("--dry-run", action="store_true", help="store nothing")
        parser.add_argument("--objective", choices=Objective.values, default=Objective.TOTAL)
        parser.add_argument(
            "--scope",
            choices=RunScope.values,
            default=RunScope.ALL,
            help="all: every twin, as if nothing were decided; open: twins without a host, for the places left",
        )
        parser.add_argument("--scenario", metavar="NAME", help="match as this scenario stands; stores nothing")
        parser.add_argument("--explain", metavar="TWIN", help="say why this twin gets its host, in words")
        parser.add_argument("--why-not", nargs=2, metavar=("TWIN", "HOST"), help="say what this pair would cost")
        parser.add_argument("--seed", default="0", help="decides between plans of equal value")

    def handle(self, *args, **options):
        with translation.override("en"):
            try:
                run, outcome = self._match(**options)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            except UnsolvableRules as clash:
                raise CommandError(str(clash)) from clash
            asked = self._pairs_asked(outcome, options["explain"], options["why_not"])
            if not (run.pk or options["dry_run"]):
                self._store(run, outcome, now=timezone.now())
            result = result_of(run, outcome, unmatched_of(outcome))
            if asked:
                self._explain(run, outcome, asked, result if options["json"] else None)
            elif options["json"]:
                self._print(result)
            else:
                self._summarise(result)

    def _match(self, *, cohort, objective, scope, seed, scenario, **_options):
        """The run, stored only where it is a scenario's, and what came out."""
        found = Cohort.objects.filter(slug=cohort).first()
        if found is None:
            known = ", ".join(Cohort.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                f"There is no cohort {cohort!r}. " + (f"Known: {known}." if known else "Import one first.")
            )
        if scenario:
            run = self._run_of(found, scenario)
            return run, self._after_moves(run, outcome_of(run))
        run = new_run(
            found, by=None, now=timezone.now(), weights=weights_of(found), scope=scope, objective=objective, seed=seed
        )  # fmt: skip
        return run, outcome_of(run)

    @staticmethod
    def _run_of(cohort, name):
        scenarios = Scenario.objects.in_cohort(cohort).exclude(run=None).select_related("run__cohort")
        scenario = scenarios.filter(name=name).first()
        if scenario is None:
            known = ", ".join(scenarios.order_by("name").values_list("name", flat=True))
            raise CommandError(
                f"There is no scenario {name!r}. " + (f"Known: {known}." if known else "None is solved.")
            )
        return scenario.run

    @staticmethod
    def _after_moves(run, outcome):
        """The outcome with the moves by hand in it, measured and checked anew."""
        if not run.moves:
            return outcome
        problem, host_of = outcome.problem, list(outcome.plan.host_of)
        for move in run.moves:
            column = problem.host_ids.index(move["host"]) if move["host"] else -1
            host_of[problem.twin_ids.index(move["twin"])] = column
        plan = measure(problem, host_of, outcome.plan.objective)
        return replace(outcome, plan=plan, verdict=verify(problem, plan, outcome.certificate))

    @staticmethod
    def _pairs_asked(outcome, explained, why_not):
        """The pairs to explain as (twin, host); host "" for a twin that gets none. Refuses what takes no part."""
        problem = outcome.problem
        asked = [(explained, ""), *([tuple(why_not)] if why_not else [])] if explained else [tuple(why_not or ())]
        pairs = []
        for twin, host in filter(None, asked):
            if twin not in problem.twin_ids:
                raise CommandError(f"There is no twin {twin!r} in this run. Known: {', '.join(problem.twin_ids)}.")
            if host not in {"", *problem.host_ids}:
                raise CommandError(f"There is no host {host!r} in this run. Known: {', '.join(problem.host_ids)}.")
            place = outcome.plan.host_of[problem.twin_ids.index(twin)]
            pairs.append((twin, host or (problem.host_ids[place] if place >= 0 else "")))
        return pairs

    def _explain(self, run, outcome, asked, result):
        """Say why, in words; with `result` as JSON that says first which run it is."""
        run.code = run.code or "unstored"
        keep_solved(run, outcome)
        teller = Storyteller(run)
        stories = [(twin, teller.story(twin, host) if host else None) for twin, host in asked]
        if result:
            head = {key: result[key] for key in ("cohort", "run", "snapshot", "total", "bound", "optimal")}
            rows = [asdict(story) if story else {"twin": twin, "host": None} for twin, story in stories]
            self._print({**head, "explained": rows})
            return
        for twin, story in stories:
            if story:
                self._tell(story)
            else:
                self.stdout.write(f"{twin} gets no host.")

    def _print(self, values):
        self.stdout.write(json.dumps(values, ensure_ascii=False, indent=2))

    def _tell(self, story):
        self.stdout.write(f"{story.twin_name} with {story.host_name}: {story.points} of 100.")
        for line in story.forbidden or [story.price]:
            self.stdout.write(line)
        for bar in story.bars:
            self.stdout.write(f"  {bar.label}: {bar.value} of {bar.maximum}: {bar.note}")
        for other in story.alternatives:
            self.stdout.write(f"  or {other.name}, {other.points}: {other.text}")

    @staticmethod
    @transaction.atomic
    def _store(run: Run, outcome, *, now) -> None:
        run.save()
        record(run, "matching.run.started", by=None, at=now, data={"cohort": str(run.cohort)})
        stage_run(run, outcome, now=now, seconds=0)

    def _summarise(self, result):
        for pairing in result["pairings"]:
            self.stdout.write(f"{pairing['score']:>6}  {pairing['twin']} -> {pairing['host']}")
        for row in result["unmatched"]:
            self.stdout.write(f"     -  {row['twin']}: {row['reason']}")
        proven = "proven best" if result["optimal"] else "not proven"
        self.stdout.write(f"{result['total']} points, bound {result['bound']}, {proven}.")
        self.stdout.write(f"Run {result['run']}." if result["run"] else "Nothing was stored.")
