"""Who prepares and runs sessions."""

import rules

from cohorts.models import CohortTeamMember
from cohorts.rules import runs_cohort
from twinning.people.rules import steers

from .models import Session


def _session_of(obj) -> Session | None:
    return obj if isinstance(obj, Session) or obj is None else obj.session


@rules.predicate
def runs_session(user, obj) -> bool:
    """Somebody on the team of one of the session's cohorts. `obj` is a session or something in it."""
    session = _session_of(obj)
    if session is None or not user.is_facilitator:
        return False
    return CohortTeamMember.objects.filter(user=user, cohort__session_cohorts__session=session).exists()


rules.add_perm("sensemaking.run_session", steers | runs_session)  # object: a session or anything in it
rules.add_perm("sensemaking.plan_session", runs_cohort)  # object: the cohort
rules.add_perm("sensemaking.change_clusters", runs_cohort)  # object: the cohort
