"""Who may match."""

import rules

from cohorts.rules import runs_cohort, sees_cohort_whole

# `obj` is a Cohort, or a Run or Scenario (which have `.cohort`).
rules.add_perm("matching.view_run", sees_cohort_whole)
rules.add_perm("matching.start_run", runs_cohort)
rules.add_perm("matching.decide_run", runs_cohort)
rules.add_perm("matching.change_criteria", runs_cohort)
rules.add_perm("matching.change_scenario", runs_cohort)
rules.add_perm("matching.change_rule", runs_cohort)
