"""Who gets what at every address: a row for each URL name, a column for each role. Decided from docs/roles.md, not from the code.

A row says who sees the thing (everybody else: 404), who of those may read the page (`get`) and who may act (`post`);
who sees but may not gets 403, a method that a row does not name gets 405. Without a session every address but the
public ones leads to sign-in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cohorts.services.events import renew_calendar_feed
from outputs.states import DocumentState
from sensemaking.selectors.reports import report_content
from sensemaking.states import GuestRole
from tests.factories.cohorts import ContextFactFactory, EventFactory, MilestoneFactory, TermFactory
from tests.factories.mail import LetterFactory
from tests.factories.matching import ProposalFactory, RuleFactory, RunFactory, ScenarioFactory
from tests.factories.outputs import (
    CommentFactory,
    DocumentFactory,
    LearningObjectiveFactory,
    OutputFactory,
    OutputVersionFactory,
    PublicationFactory,
)
from tests.factories.people import InvitationFactory
from tests.factories.reviews import PeerInvitationFactory
from tests.factories.rows import PlanActionFactory, StakeholderFactory, VisitIdeaFactory
from tests.factories.sensemaking import (
    BoardFactory,
    GuestFactory,
    LineageLinkFactory,
    ReportFileFactory,
    RoomFactory,
    RoomRuleFactory,
    SeatFactory,
    SessionFactory,
    SessionReportFactory,
)
from twinning.people.secrets import hash_of

# --- Columns ------------------------------------------------------------------------------------------------------------

STRANGERS = frozenset({"anonymous", "deactivated"})
ROLES = (
    "anonymous",
    "administrator",
    "coordinator",
    "team_facilitator",  # runs the cohort, accompanies no pairing
    "facilitator",  # accompanies the pairing
    "other_facilitator",  # accompanies the other pairing
    "observer",
    "lead_officer",
    "officer",
    "other_officer",
    "host_contact",
    "other_host_contact",
    "outsider",  # an account without any role
    "deactivated",
)
EVERYBODY = frozenset(ROLES) - STRANGERS

ADMINISTRATOR = frozenset({"administrator"})
STEERS = frozenset({"administrator", "coordinator"})
SEES_ALL = STEERS | {"observer"}
RUNS = STEERS | {"team_facilitator"}
SEES_WHOLE = SEES_ALL | {"team_facilitator"}
IN_COHORT = EVERYBODY - {"outsider"}
OFFICERS = frozenset({"lead_officer", "officer"})
SIDES = OFFICERS | {"host_contact"}
SEES_PAIRING = SEES_WHOLE | SIDES | {"facilitator"}
SEES_OUTPUT = SEES_ALL | SIDES | {"facilitator"}
REVIEWS = STEERS | {"facilitator"}
ARRANGES = RUNS | SIDES | {"facilitator"}  # whoever agrees on a visit
NOBODY = frozenset()


# --- Rows -----------------------------------------------------------------------------------------------------------------

Kwargs = Callable[[SimpleNamespace], dict]


@dataclass(frozen=True)
class Row:
    """One address. `kwargs` and `data` are made from the scene; `far` are the arguments of the same thing elsewhere."""

    name: str
    kwargs: Kwargs = lambda scene: {}
    sees: frozenset[str] = EVERYBODY
    get: frozenset[str] | None = None  # None: the method is not served
    post: frozenset[str] | None = None
    data: Kwargs = lambda scene: {}
    far: Kwargs | None = None
    is_public: bool = False
    note: str = ""  # tells two rows of one address apart

    @property
    def id(self) -> str:
        return f"{self.name}({', '.join(sorted(self.parameters))}){' ' if self.note else ''}{self.note}"

    @property
    def parameters(self) -> frozenset[str]:
        """The names of its arguments, without a scene."""
        return frozenset(self.kwargs(_Anything()))

    def serves(self, method: str) -> bool:
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method) is not None

    def expected(self, role: str, method: str) -> int | str:
        """A status, "sign-in", or "yes": whatever a page answers that did not turn the person away."""
        if role in STRANGERS and not self.is_public:
            return "sign-in"
        allowed = {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method)
        if allowed is None:
            return 405
        if role in allowed:
            return "yes"
        return 403 if role in self.sees else 404


class _Anything:
    """Stands for every object of a scene where only the names of arguments are wanted."""

    def __getattr__(self, name: str) -> "_Anything":
        return self


@dataclass(frozen=True)
class AccountRow:
    """An address of the sign-in library, which proves its own pages. `is_door`: open to who is not signed in."""

    name: str
    kwargs: dict | None = None
    is_door: bool = False

    @property
    def id(self) -> str:
        return self.name

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(self.kwargs or {})


# --- The scene ------------------------------------------------------------------------------------------------------------


def _publish(session) -> None:
    """A report of the session, published, with its file."""
    report = SessionReportFactory(session=session)
    report.content = report_content(report, edition=1, now=timezone.now())
    report.edition, report.state, report.published_at = 1, "published", timezone.now()
    report.save()
    ready = {"state": DocumentState.READY, "file": ContentFile(b"%PDF-1.7", name="report.pdf"), "pages": 1}
    ReportFileFactory(report=report, finished_at=timezone.now(), **ready)


def furnish(world: SimpleNamespace) -> SimpleNamespace:
    """The world with one of everything that has an address: around `pairing` (own) and `far_pairing` (elsewhere)."""
    near, far = world.pairing, world.far_pairing
    world.secret = "the-secret-of-a-link"
    world.output, world.far_output = (OutputFactory(draft=True, pairing=pairing) for pairing in (near, far))
    for prefix, output in (("", world.output), ("far_", world.far_output)):
        version = OutputVersionFactory(output=output, submitted_by=world.administrator)
        file = ContentFile(b"%PDF-1.7", name="roadmap.pdf")
        ready = {"state": DocumentState.READY, "file": file, "finished_at": timezone.now(), "pages": 1}
        setattr(world, f"{prefix}document", DocumentFactory(version=version, **ready))
        setattr(world, f"{prefix}publication", PublicationFactory(version=version))
        setattr(world, f"{prefix}objective", LearningObjectiveFactory(output=output))
        setattr(world, f"{prefix}removed_objective", LearningObjectiveFactory(output=output, removed=True))
        setattr(world, f"{prefix}comment", CommentFactory(output=output))
        register = OutputFactory(participation=output.participation, kind="stakeholder_plan", draft=True)
        setattr(world, f"{prefix}idea", VisitIdeaFactory(participation=output.participation))
        setattr(world, f"{prefix}stakeholder", StakeholderFactory(output=register))
        setattr(world, f"{prefix}peer", PeerInvitationFactory(version=version))
        assessment = OutputFactory(
            submitted=True, kind="transferability_assessment", pairing=far if prefix else near, position=3
        )
        setattr(world, f"{prefix}assessment", OutputVersionFactory(output=assessment))
    world.event, world.far_event = (EventFactory(cohort=p.participation.cohort) for p in (near, far))
    world.visit, world.far_visit = (EventFactory(cohort=p.participation.cohort, pairing=p) for p in (near, far))
    world.calendar_secret = renew_calendar_feed(by=world.officer).secret
    world.term = TermFactory()
    world.milestone, world.far_milestone = (MilestoneFactory(participation=p.participation) for p in (near, far))
    world.run, world.far_run = (RunFactory(cohort=cohort) for cohort in (world.cohort, world.elsewhere))
    world.fact = ContextFactFactory(city=near.participation.city)
    world.host_city = near.hosting.host.cities.get()
    world.proposal, world.far_proposal = (ProposalFactory(run=run) for run in (world.run, world.far_run))
    world.rule = RuleFactory(cohort=world.cohort)
    world.scenario = ScenarioFactory(cohort=world.cohort, run=world.run)
    world.far_scenario = ScenarioFactory(cohort=world.elsewhere, run=world.far_run)
    world.board = BoardFactory(session__cohort=world.cohort)
    world.session, world.far_session = (SessionFactory(cohort=cohort) for cohort in (world.cohort, world.elsewhere))
    for prefix, session in (("", world.session), ("far_", world.far_session)):
        room = RoomFactory(session=session)
        setattr(world, f"{prefix}room", room)
        setattr(world, f"{prefix}seat", SeatFactory(guest__session=session, room=room))
        setattr(world, f"{prefix}room_rule", RoomRuleFactory(session=session))
        harvester = GuestFactory(session=session, role=GuestRole.HARVESTER)
        link = LineageLinkFactory(note__board__session=session, to_insight__proposed_by=harvester)
        setattr(world, f"{prefix}proposed_insight", link.to_insight)
        link = LineageLinkFactory(note__board__session=session, to_insight__confirmed=True)
        setattr(world, f"{prefix}note", link.note)
        setattr(world, f"{prefix}insight", link.to_insight)
        _publish(session)
    for prefix, pairing in (("", near), ("far_", far)):
        plan = OutputFactory(pairing=pairing, kind="action_plan", draft=True, position=4)
        setattr(world, f"{prefix}action", PlanActionFactory(output=plan))
    world.letter = LetterFactory(to=world.officer, cohort_slug=world.cohort.slug)
    world.far_letter = LetterFactory(cohort_slug=world.elsewhere.slug)
    world.invitation = InvitationFactory(invited_by=world.administrator, secret_hash=hash_of(world.secret))
    return world


def code_of(thing: str, **more: str) -> Kwargs:
    """The public code of an object of the scene as the argument `code`; `more` are fixed arguments."""
    return lambda scene: {"code": getattr(scene, thing).code, **more}


def slug_of(thing: str) -> Kwargs:
    return lambda scene: {"slug": getattr(scene, thing).slug}


COHORT, ELSEWHERE = slug_of("cohort"), slug_of("elsewhere")


def a_package(scene: SimpleNamespace) -> dict:
    return {"file": SimpleUploadedFile("cohort.json", b"{}", content_type="application/json")}


# --- Addresses of the platform -----------------------------------------------------------------------------------------------

PORTAL = [
    Row("portal:desk", get=EVERYBODY),
    Row("portal:healthz", get=EVERYBODY | STRANGERS, is_public=True),
    Row("portal:accessibility", get=EVERYBODY | STRANGERS, is_public=True),
    Row("portal:components", sees=ADMINISTRATOR, get=ADMINISTRATOR),
    Row("portal:cohort", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
]

PEOPLE = [
    Row("people:own-settings", get=EVERYBODY, post=EVERYBODY),
    Row("people:person-list", get=ADMINISTRATOR),
    Row("people:person-detail", code_of("officer"), sees=ADMINISTRATOR | {"officer"}, get=ADMINISTRATOR | {"officer"}),
    Row("people:person-role", code_of("officer"), sees=ADMINISTRATOR | {"officer"}, post=ADMINISTRATOR),
    Row(
        "people:person-deactivate",
        code_of("officer"),
        sees=ADMINISTRATOR | {"officer"},
        get=ADMINISTRATOR,
        post=ADMINISTRATOR,
        data=lambda scene: {"reason": "Left the city."},
    ),
    Row("people:person-reactivate", code_of("officer"), sees=ADMINISTRATOR | {"officer"}, post=ADMINISTRATOR),
    Row("people:invitation-list", get=STEERS),
    Row("people:invitation-create", get=STEERS, post=STEERS, data=lambda scene: {"email": "new@example.org"}),
    Row("people:invitation-resend", code_of("invitation"), sees=STEERS, post=STEERS),
    Row("people:invitation-withdraw", code_of("invitation"), sees=STEERS, post=STEERS),
    Row(
        "people:invitation-open",
        lambda scene: {"secret": scene.secret},
        get=EVERYBODY | STRANGERS,
        post=EVERYBODY | STRANGERS,
        is_public=True,
    ),
]

MAIL = [
    Row("mail:letter-list", get=EVERYBODY),
    Row("mail:letter-list", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    Row(
        "mail:letter-detail",
        code_of("letter"),
        sees=SEES_ALL | {"officer"},
        get=SEES_ALL | {"officer"},
        far=code_of("far_letter"),
    ),
    Row("mail:letter-retry", code_of("letter"), sees=SEES_ALL | {"officer"}, post=STEERS, far=code_of("far_letter")),
    Row("mail:letter-cancel", code_of("letter"), sees=SEES_ALL | {"officer"}, post=STEERS, far=code_of("far_letter")),
]

REPORTS = [
    Row("reports:cohort-workbook", COHORT, sees=IN_COHORT, get=SEES_ALL, far=ELSEWHERE),
    Row("reports:cohort-package", COHORT, sees=IN_COHORT, get=SEES_ALL, far=ELSEWHERE),
    Row("reports:run-memo", code_of("run"), sees=SEES_WHOLE, get=SEES_WHOLE, far=code_of("far_run")),
    Row("reports:run-memo-docx", code_of("run"), sees=SEES_WHOLE, get=SEES_WHOLE, far=code_of("far_run")),
]


def fact(scene: SimpleNamespace) -> dict:
    return {"slug": scene.fact.city.slug, "dimension": scene.fact.dimension.code}


CITIES_AND_CALENDAR = [
    Row("cohorts:cohort-list", get=EVERYBODY),
    Row("cohorts:city-list", get=EVERYBODY),
    Row("cohorts:city-detail", lambda scene: {"slug": scene.pairing.participation.city.slug}, get=EVERYBODY),
    Row("cohorts:host-list", get=EVERYBODY),
    Row("cohorts:host-detail", lambda scene: {"slug": scene.pairing.hosting.host.slug}, get=EVERYBODY),
    Row("cohorts:fact-edit", fact, get=STEERS | OFFICERS, post=STEERS | OFFICERS),
    Row(
        "cohorts:fact-edit",
        lambda scene: {"slug": scene.host_city.slug, "dimension": scene.fact.dimension.code},
        get=STEERS | {"host_contact"},
        post=STEERS | {"host_contact"},
        note="of a city of the host",
    ),
    Row("cohorts:fact-remove", fact, post=STEERS | OFFICERS),
    Row("cohorts:act-for", get=EVERYBODY, post=EVERYBODY),
    Row("cohorts:calendar", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    Row("cohorts:calendar-subscription", get=EVERYBODY, post=EVERYBODY),
    Row(
        "cohorts:calendar-feed",
        lambda scene: {"secret": scene.calendar_secret},
        get=EVERYBODY | STRANGERS,
        is_public=True,
    ),
    Row("cohorts:event-detail", code_of("event"), sees=IN_COHORT, get=IN_COHORT, far=code_of("far_event")),
    Row(
        "cohorts:event-detail",
        code_of("visit"),
        sees=SEES_PAIRING,
        get=SEES_PAIRING,
        far=code_of("far_visit"),
        note="visit",
    ),
    Row("cohorts:event-edit", code_of("event"), sees=IN_COHORT, get=RUNS, post=RUNS, far=code_of("far_event")),
    Row(
        "cohorts:event-edit",
        code_of("visit"),
        sees=SEES_PAIRING,
        get=ARRANGES,
        post=ARRANGES,
        far=code_of("far_visit"),
        note="visit",
    ),
    Row(
        "cohorts:event-move",
        code_of("event", move="hold"),
        sees=IN_COHORT,
        post=RUNS,
        far=code_of("far_event", move="hold"),
    ),
    Row(
        "cohorts:event-move",
        code_of("visit", move="hold"),
        sees=SEES_PAIRING,
        post=RUNS | {"facilitator"},
        far=code_of("far_visit", move="hold"),
        note="visit",
    ),
    Row("cohorts:milestone-sign-off", code_of("milestone"), sees=SEES_PAIRING, post=RUNS, far=code_of("far_milestone")),
]


def pairing_row(name: str, *, get=None, post=None, **more: object) -> Row:
    return Row(
        name,
        lambda scene: {"code": scene.pairing.code, **{key: value(scene) for key, value in more.items()}},
        sees=SEES_PAIRING,
        get=get,
        post=post,
        far=lambda scene: {"code": scene.far_pairing.code, **{key: value(scene) for key, value in more.items()}},
    )


def twin_row(name: str, *, get=None, post=None, **more: object) -> Row:
    """An address below a city's participation."""
    given = lambda scene: {key: value(scene) if callable(value) else value for key, value in more.items()}  # noqa: E731
    return Row(
        name,
        lambda scene: {"code": scene.pairing.participation.code, **given(scene)},
        sees=SEES_PAIRING,
        get=get,
        post=post,
        far=lambda scene: {"code": scene.far_pairing.participation.code, **given(scene)},
    )


def hosting_row(name: str, *, get=None, post=None, **more: object) -> Row:
    return Row(
        name,
        lambda scene: {"code": scene.pairing.hosting.code, **{key: value(scene) for key, value in more.items()}},
        sees=IN_COHORT,
        get=get,
        post=post,
        far=lambda scene: {
            "code": scene.far_pairing.hosting.code,
            **{key: value(scene) for key, value in more.items()},
        },
    )


def cohort_row(name: str, allowed: frozenset[str], *, has_page: bool = True, post: bool = True, **more: object) -> Row:
    """An address below a cohort that only some of those who see the cohort may use."""

    def kwargs(which: str) -> Kwargs:
        return lambda scene: {"slug": getattr(scene, which).slug, **{key: value(scene) for key, value in more.items()}}

    return Row(
        name,
        kwargs("cohort"),
        sees=IN_COHORT,
        get=allowed if has_page else None,
        post=allowed if post else None,
        far=kwargs("elsewhere"),
    )


def person(name: str) -> Callable[[SimpleNamespace], str]:
    return lambda scene: getattr(scene, name).code


PAIRINGS = [
    Row("cohorts:pairing-list", get=EVERYBODY),
    pairing_row("cohorts:pairing-detail", get=SEES_PAIRING),
    pairing_row("cohorts:pairing-answer", get=SIDES, post=SIDES),
    pairing_row("cohorts:fit-state", get=SIDES, post=SIDES),
    pairing_row("cohorts:pairing-end", get=RUNS, post=RUNS),
    pairing_row("cohorts:pairing-rematch", get=RUNS, post=RUNS),
    pairing_row("cohorts:facilitator-assign", get=RUNS, post=RUNS),
    pairing_row("cohorts:facilitator-release", post=RUNS, person=person("facilitator")),
    twin_row("cohorts:participation-detail", get=SEES_PAIRING),
    twin_row("cohorts:participation-describe", get=RUNS | OFFICERS, post=RUNS | OFFICERS),
    twin_row("cohorts:participation-move", get=RUNS, post=RUNS, move="withdraw"),
    twin_row("cohorts:officer-invite", get=RUNS | {"lead_officer"}, post=RUNS | {"lead_officer"}),
    twin_row("cohorts:officer-lead", post=RUNS | {"lead_officer"}, person=person("officer")),
    twin_row("cohorts:officer-end", post=RUNS | {"lead_officer"}, person=person("officer")),
    hosting_row("cohorts:hosting-edit", get=RUNS, post=RUNS),
    hosting_row("cohorts:hosting-withdraw", get=RUNS, post=RUNS),
    hosting_row("cohorts:hosting-readmit", post=RUNS),
    hosting_row("cohorts:contact-invite", get=RUNS, post=RUNS),
    hosting_row("cohorts:contact-end", post=RUNS, person=person("host_contact")),
]


def programme(scene: SimpleNamespace) -> dict:
    return {"slug": scene.cohort.programme.slug}


def vocabulary(scene: SimpleNamespace) -> dict:
    return {"slug": scene.term.vocabulary.slug}


MANAGING = [
    Row("cohorts:cohort-create", get=ADMINISTRATOR, post=ADMINISTRATOR),
    cohort_row("cohorts:cohort-edit", STEERS),
    cohort_row("cohorts:kickoff-change", STEERS),
    cohort_row("cohorts:team-add", STEERS),
    cohort_row("cohorts:team-remove", STEERS, has_page=False, person=person("team_facilitator")),
    cohort_row("cohorts:participation-list", RUNS, post=False),
    cohort_row("cohorts:hosting-list", RUNS, post=False),
    cohort_row("cohorts:hosting-add", RUNS),
    cohort_row("cohorts:participation-add", RUNS),
    cohort_row("cohorts:pairing-announce", RUNS),
    cohort_row("cohorts:facilitator-list", RUNS, post=False),
    Row("cohorts:programme-list", get=SEES_ALL),
    Row("cohorts:programme-detail", programme, sees=SEES_ALL, get=SEES_ALL),
    Row("cohorts:host-create", get=STEERS, post=STEERS),
    Row(
        "cohorts:host-edit",
        lambda scene: {"slug": scene.pairing.hosting.host.slug},
        get=STEERS,
        post=STEERS,
    ),
    Row("cohorts:city-create", get=STEERS, post=STEERS),
    Row(
        "cohorts:city-edit",
        lambda scene: {"slug": scene.pairing.participation.city.slug},
        get=STEERS,
        post=STEERS,
    ),
    Row("cohorts:programme-edit", programme, sees=SEES_ALL, get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row("cohorts:programme-copy", programme, sees=SEES_ALL, get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row("cohorts:vocabulary-list", get=ADMINISTRATOR),
    Row("cohorts:vocabulary-detail", vocabulary, get=ADMINISTRATOR),
    Row("cohorts:term-add", vocabulary, get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row(
        "cohorts:term-edit",
        lambda scene: {"slug": scene.term.vocabulary.slug, "code": scene.term.code},
        get=ADMINISTRATOR,
        post=ADMINISTRATOR,
    ),
    Row("cohorts:package-import", get=ADMINISTRATOR, post=ADMINISTRATOR, data=a_package),
    # Whoever uploaded a package sees its report; there is none of that name here.
    Row(
        "cohorts:package-review",
        lambda scene: {"token": "made-up"},
        sees=EVERYBODY - ADMINISTRATOR,
        get=NOBODY,
        post=NOBODY,
    ),
]


def scenario_of(cohort: str, scenario: str) -> Kwargs:
    return lambda scene: {"slug": getattr(scene, cohort).slug, "code": getattr(scene, scenario).code}


SCENARIO, FAR_SCENARIO = scenario_of("cohort", "scenario"), scenario_of("elsewhere", "far_scenario")

MATCHING = [
    Row("matching:run-list", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row("matching:hindsight", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, far=ELSEWHERE),
    Row("matching:rematch-plan", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row("matching:rematch-announce", COHORT, sees=SEES_WHOLE, get=RUNS, post=RUNS, far=ELSEWHERE),
    Row("matching:band-list", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row("matching:rematch-prices", COHORT, sees=SEES_WHOLE, get=RUNS, post=RUNS, far=ELSEWHERE),
    Row("matching:rule-list", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row("matching:rule-mend", COHORT, sees=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row(
        "matching:rule-end",
        lambda scene: {"slug": scene.cohort.slug, "code": scene.rule.code},
        sees=SEES_WHOLE,
        post=RUNS,
        far=lambda scene: {"slug": scene.elsewhere.slug, "code": scene.rule.code},
    ),
    Row(
        "matching:wish-edit",
        lambda scene: {"slug": scene.cohort.slug, "twin": scene.proposal.participation.city.slug},
        sees=SEES_WHOLE,
        get=RUNS,
        post=RUNS,
        far=lambda scene: {"slug": scene.elsewhere.slug, "twin": scene.far_proposal.participation.city.slug},
    ),
    Row("matching:scenario-list", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=ELSEWHERE),
    Row("matching:scenario-compare", COHORT, sees=SEES_WHOLE, get=SEES_WHOLE, far=ELSEWHERE),
    Row("matching:scenario-studio", SCENARIO, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=FAR_SCENARIO),
    Row("matching:scenario-tradeoff", SCENARIO, sees=SEES_WHOLE, get=SEES_WHOLE, post=RUNS, far=FAR_SCENARIO),
    Row("matching:scenario-confirm", SCENARIO, sees=SEES_WHOLE, get=RUNS, post=RUNS, far=FAR_SCENARIO),
    Row("matching:scenario-discard", SCENARIO, sees=SEES_WHOLE, get=RUNS, post=RUNS, far=FAR_SCENARIO),
    Row("matching:run-detail", code_of("run"), sees=SEES_WHOLE, get=SEES_WHOLE, far=code_of("far_run")),
    Row("matching:run-cancel", code_of("run"), sees=SEES_WHOLE, post=RUNS, far=code_of("far_run")),
    Row("matching:run-mend", code_of("run"), sees=SEES_WHOLE, post=RUNS, far=code_of("far_run")),
    Row("matching:run-confirm", code_of("run"), sees=SEES_WHOLE, get=RUNS, post=RUNS, far=code_of("far_run")),
    Row("matching:run-discard", code_of("run"), sees=SEES_WHOLE, get=RUNS, post=RUNS, far=code_of("far_run")),
    Row("matching:run-announce", code_of("run"), sees=SEES_WHOLE, get=RUNS, post=RUNS, far=code_of("far_run")),
    Row(
        "matching:proposal-change",
        lambda scene: {"code": scene.run.code, "twin": scene.proposal.participation.city.slug},
        sees=SEES_WHOLE,
        get=RUNS,
        post=RUNS,
        far=lambda scene: {"code": scene.far_run.code, "twin": scene.far_proposal.participation.city.slug},
    ),
]


def output_row(name: str, *, get=None, post=None, sees=SEES_OUTPUT, data=lambda scene: {}, **more: object) -> Row:
    """An address below one output. `more` are further arguments: text, or functions(scene, prefix)."""

    def kwargs(prefix: str) -> Kwargs:
        def made(scene: SimpleNamespace) -> dict:
            given = {key: value(scene, prefix) if callable(value) else value for key, value in more.items()}
            return {"code": getattr(scene, f"{prefix}output").code, **given}

        return made

    return Row(name, kwargs(""), sees=sees, get=get, post=post, data=data, far=kwargs("far_"))


def part(thing: str) -> Callable[[SimpleNamespace, str], str]:
    return lambda scene, prefix: getattr(scene, f"{prefix}{thing}").code


def _of_stakeholder(stakeholder) -> dict:
    return {"code": stakeholder.output.code, "section": "register", "table": "stakeholders", "row": stakeholder.code}


OUTPUTS = [
    Row("outputs:output-list", get=EVERYBODY),
    Row("outputs:checklist-edit", programme, sees=SEES_ALL, get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row("outputs:library", get=EVERYBODY),  # what one may find in it; for some people nothing
    Row("outputs:review-queue", get=EVERYBODY),  # what waits for oneself; for most people nothing
    output_row("outputs:output-detail", get=SEES_OUTPUT),
    output_row("outputs:output-section", section="objectives", get=SIDES, post=SIDES),
    output_row("outputs:output-presence", section="objectives", post=SIDES),
    output_row("outputs:output-autosave", post=OFFICERS, data=lambda scene: {"place": "context", "text": "a"}),
    output_row("outputs:row-add", section="objectives", table="objectives", post=OFFICERS),
    output_row("outputs:row-paste", section="objectives", table="objectives", get=OFFICERS, post=OFFICERS),
    output_row(
        "outputs:row-move",
        section="objectives",
        table="objectives",
        row=part("objective"),
        post=OFFICERS,
        data=lambda scene: {"to": "1"},
    ),
    output_row("outputs:row-remove", section="objectives", table="objectives", row=part("objective"), post=OFFICERS),
    output_row(
        "outputs:row-restore",
        section="objectives",
        table="objectives",
        row=part("removed_objective"),
        get=OFFICERS,
        post=OFFICERS,
    ),
    Row(
        "outputs:output-row",
        lambda scene: _of_stakeholder(scene.stakeholder),
        sees=SEES_ALL | OFFICERS | {"facilitator"},
        get=OFFICERS,
        post=OFFICERS,
        far=lambda scene: _of_stakeholder(scene.far_stakeholder),
    ),
    output_row("outputs:idea-list", get=SEES_OUTPUT, post=REVIEWS | OFFICERS),
    output_row("outputs:idea-remove", idea=part("idea"), post=REVIEWS | OFFICERS),
    output_row("outputs:hint-answer", post=OFFICERS, data=lambda scene: {"rule": "levers", "reason": ""}),
    output_row("outputs:output-submit", get=REVIEWS | OFFICERS, post=REVIEWS | OFFICERS),
    output_row("outputs:output-review", get=REVIEWS),
    output_row("outputs:review-keep", post=REVIEWS),
    output_row("outputs:output-send-back", post=REVIEWS),
    output_row("outputs:output-accept", post=REVIEWS),
    output_row("outputs:comment-add", get=REVIEWS | SIDES, post=REVIEWS | SIDES),
    output_row("outputs:comment-solve", comment=part("comment"), get=REVIEWS | SIDES, post=REVIEWS | SIDES),
    output_row("outputs:comment-reopen", comment=part("comment"), get=REVIEWS | SIDES, post=REVIEWS | SIDES),
    output_row("outputs:output-extend", get=REVIEWS, post=REVIEWS),
    output_row("outputs:output-waive", get=STEERS, post=STEERS),
    output_row("outputs:output-unwaive", get=STEERS, post=STEERS),
    output_row("outputs:output-reopen", get=STEERS, post=STEERS),
    output_row("outputs:version-detail", number=1, get=SEES_OUTPUT),
    output_row("outputs:version-compare", get=SEES_OUTPUT),
    output_row("outputs:version-restore", number=1, get=OFFICERS, post=OFFICERS),
    output_row("outputs:version-reuse", number=1, get=NOBODY, post=NOBODY),  # nobody here has a draft to fill
    output_row("outputs:peer-invite", number=1, get=REVIEWS | {"lead_officer"}, post=REVIEWS | {"lead_officer"}),
    output_row("outputs:peer-end", peer=part("peer"), get=REVIEWS | {"lead_officer"}, post=REVIEWS | {"lead_officer"}),
    Row(
        "outputs:version-facts",
        lambda scene: {"code": scene.assessment.output.code, "number": 1},
        sees=SEES_OUTPUT,
        get=SEES_OUTPUT,
        post=frozenset({"host_contact"}),
        far=lambda scene: {"code": scene.far_assessment.output.code, "number": 1},
    ),
    output_row("outputs:version-print", number=1, get=SEES_OUTPUT),
    output_row("outputs:version-data-file", number=1, get=SEES_OUTPUT),
    output_row("outputs:version-workbook", number=1, get=SEES_OUTPUT),
    output_row("outputs:version-word", number=1, get=SEES_OUTPUT),
    output_row("outputs:version-archive", number=1, post=REVIEWS | OFFICERS),
    output_row("outputs:draft-word", get=OFFICERS),
    output_row("outputs:word-upload", get=OFFICERS, post=OFFICERS),
    output_row("outputs:word-apply", post=OFFICERS),
    output_row("outputs:publication-edit", get=OFFICERS, post=frozenset({"lead_officer"})),
    output_row("outputs:publication-withdraw", post=frozenset({"lead_officer"})),
    Row(
        "outputs:public-output",
        code_of("publication"),
        get=EVERYBODY | STRANGERS,
        is_public=True,
    ),
    Row(
        "outputs:folder-detail",
        lambda scene: {"code": scene.pairing.participation.code},
        sees=SEES_PAIRING,
        get=SEES_ALL | OFFICERS | {"facilitator"},
        post=SEES_ALL | OFFICERS | {"facilitator"},
        far=lambda scene: {"code": scene.far_pairing.participation.code},
    ),
    Row(
        "outputs:document-download",
        code_of("document"),
        sees=SEES_OUTPUT,
        get=SEES_OUTPUT,
        far=code_of("far_document"),
    ),
    Row(
        "outputs:document-retry",
        code_of("document"),
        sees=SEES_OUTPUT,
        post=REVIEWS | OFFICERS,
        far=code_of("far_document"),
    ),
]

# --- Sensemaking ----------------------------------------------------------------------------------------------------------


def session_row(name: str, *, run: tuple[str, ...], **more: Kwargs) -> Row:
    """Something that whoever runs the session does; everybody in the cohort sees that there is a session."""

    def arguments(prefix: str) -> Kwargs:
        def kwargs(scene: SimpleNamespace) -> dict:
            parts = {key: value(scene, prefix) for key, value in more.items() if key != "data"}
            return {"code": getattr(scene, f"{prefix}session").code, **parts}

        return kwargs

    methods = dict.fromkeys(run, RUNS)
    data = more.get("data", lambda scene: {})
    return Row(name, arguments(""), sees=IN_COHORT, **methods, data=data, far=arguments("far_"))


def code_in(thing: str, path: str = "") -> Callable[[SimpleNamespace, str], str]:
    def code(scene: SimpleNamespace, prefix: str) -> str:
        found = getattr(scene, prefix + thing)
        return (getattr(found, path) if path else found).code

    return code


def guest_key(scene: SimpleNamespace) -> dict:
    return {"key": scene.seat.guest.key}


def harvester_key(scene: SimpleNamespace) -> dict:
    return {"key": scene.proposed_insight.proposed_by.key}


def proposal_key(scene: SimpleNamespace) -> dict:
    return {**harvester_key(scene), "code": scene.proposed_insight.code}


def join_key(scene: SimpleNamespace) -> dict:
    return {"key": scene.board.join_key}


def insight_row(name: str, *, move: str = "", **methods: frozenset[str]) -> Row:
    """Something done with an insight that everybody in the cohort reads."""
    more = {"move": move} if move else {}
    return Row(name, code_of("insight", **more), sees=IN_COHORT, far=code_of("far_insight", **more), **methods)


GUEST, ROOM = code_in("seat", "guest"), code_in("room")
SENSEMAKING = [
    Row("sensemaking:session-list", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    Row("sensemaking:session-plan", COHORT, sees=IN_COHORT, get=RUNS, post=RUNS, far=ELSEWHERE),
    Row("sensemaking:cluster-edit", COHORT, sees=IN_COHORT, get=RUNS, post=RUNS, far=ELSEWHERE),
    Row("sensemaking:session-detail", code_of("session"), sees=IN_COHORT, get=IN_COHORT, far=code_of("far_session")),
    session_row("sensemaking:session-edit", run=("get", "post")),
    session_row("sensemaking:session-move", run=("post",), move=lambda _scene, _prefix: "open"),
    session_row("sensemaking:session-run", run=("get", "post"), data=lambda scene: {"act": "stop_agenda"}),
    session_row("sensemaking:guest-list", run=("get", "post")),
    session_row("sensemaking:guest-invite", run=("post",)),
    session_row("sensemaking:guest-edit", run=("get", "post"), guest=GUEST),
    session_row("sensemaking:guest-mark", run=("post",), guest=GUEST, data=lambda scene: {"state": "here"}),
    session_row("sensemaking:guest-seat", run=("post",), guest=GUEST),
    # rooms in preparation are the team's
    Row("sensemaking:room-list", code_of("session"), sees=RUNS, get=RUNS, far=code_of("far_session")),
    session_row("sensemaking:room-pdf", run=("get",)),
    session_row("sensemaking:code-sheet", run=("get",)),
    session_row("sensemaking:room-csv", run=("get",)),
    session_row("sensemaking:note-import", run=("get", "post")),
    Row(
        "sensemaking:note-import-review",
        lambda scene: {"code": scene.session.code, "token": "made-up"},
        sees=IN_COHORT - RUNS,
        get=NOBODY,
        post=NOBODY,
        far=lambda scene: {"code": scene.far_session.code, "token": "made-up"},
    ),
    session_row("sensemaking:note-import-end", run=("post",), number=lambda _scene, _prefix: 1),
    session_row("sensemaking:room-add", run=("get", "post")),
    session_row("sensemaking:room-allocate", run=("post",)),
    session_row("sensemaking:room-search-cancel", run=("post",)),
    session_row("sensemaking:room-repair", run=("post",)),
    session_row("sensemaking:room-show", run=("post",), data=lambda scene: {"shown": "1"}),
    session_row(
        "sensemaking:room-rule-add",
        run=("post",),
        data=lambda scene: {"one": scene.room_rule.one.code, "other": scene.room_rule.other.code},
    ),
    session_row(
        "sensemaking:room-rule-end", run=("post",), number=lambda scene, prefix: getattr(scene, f"{prefix}room_rule").pk
    ),
    session_row("sensemaking:room-edit", run=("get", "post"), room=ROOM),
    session_row("sensemaking:seat-move", run=("post",), guest=GUEST, data=lambda scene: {"room": scene.room.code}),
    session_row("sensemaking:seat-pin", run=("post",), guest=GUEST, data=lambda scene: {"part": "1", "pinned": "1"}),
    Row(
        "sensemaking:your-room",
        guest_key,
        get=EVERYBODY | STRANGERS,
        post=EVERYBODY | STRANGERS,
        is_public=True,
    ),
    session_row("sensemaking:joining", run=("get", "post")),
    Row("sensemaking:board-enter", code_of("session"), sees=IN_COHORT, post=IN_COHORT, far=code_of("far_session")),
    # from notes to insights
    session_row("sensemaking:workbench", run=("get", "post")),
    session_row("sensemaking:suggestions", run=("get", "post")),
    session_row("sensemaking:note-csv", run=("get",)),
    Row("sensemaking:insight-list", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    Row(
        "sensemaking:rounds-compared",
        COHORT,
        sees=IN_COHORT,
        get=IN_COHORT,
        post=RUNS,
        data=lambda scene: {"earlier": scene.insight.code, "later": scene.insight.code},
        far=ELSEWHERE,
    ),
    *(
        Row(f"sensemaking:{name}", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE)
        for name in ("gathered", "gathered-print", "gathered-file", "gathered-word")
    ),
    Row("sensemaking:advice-list", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    insight_row("sensemaking:insight-detail", get=IN_COHORT),
    insight_row("sensemaking:insight-edit", get=RUNS, post=RUNS),
    insight_row("sensemaking:insight-move", move="withdraw", post=RUNS),
    insight_row("sensemaking:insight-notes", post=RUNS),
    insight_row("sensemaking:insight-merge", post=RUNS),
    Row("sensemaking:note-detail", code_of("note"), sees=IN_COHORT, get=IN_COHORT, far=code_of("far_note")),
    Row("sensemaking:coverage", code_of("session"), sees=IN_COHORT, get=IN_COHORT, far=code_of("far_session")),
    Row("sensemaking:cohort-coverage", COHORT, sees=IN_COHORT, get=IN_COHORT, far=ELSEWHERE),
    Row(
        "sensemaking:row-origins",
        code_of("action", kind="action"),
        sees=SEES_ALL | OFFICERS | {"facilitator"},
        get=SEES_ALL | OFFICERS | {"facilitator"},
        post=OFFICERS,
        data=lambda scene: {"insight": scene.insight.code},
        far=code_of("far_action", kind="action"),
    ),
    session_row("sensemaking:guest-consent", run=("post",), guest=GUEST),
    Row("sensemaking:own-consent", guest_key, get=EVERYBODY | STRANGERS, post=EVERYBODY | STRANGERS, is_public=True),
    *(
        Row(f"sensemaking:{name}", whose, get=EVERYBODY | STRANGERS, post=EVERYBODY | STRANGERS, is_public=True)
        for name, whose in (("own-insights", harvester_key), ("own-insight", proposal_key))
    ),
    *(
        Row(f"sensemaking:{name}", code_of("session"), sees=IN_COHORT, get=IN_COHORT, far=code_of("far_session"))
        for name in ("report", "report-print", "report-word", "report-file")
    ),
    session_row("sensemaking:report-edit", run=("get", "post")),
    session_row("sensemaking:report-publish", run=("post",)),
    session_row("sensemaking:report-revise", run=("post",)),
    session_row("sensemaking:report-retry", run=("post",)),
    Row("sensemaking:join", join_key, get=EVERYBODY | STRANGERS, post=EVERYBODY | STRANGERS, is_public=True),
    Row("sensemaking:board", guest_key, get=EVERYBODY | STRANGERS, post=EVERYBODY | STRANGERS, is_public=True),
    Row("sensemaking:board-act", guest_key, post=EVERYBODY | STRANGERS, is_public=True),
    Row("sensemaking:board-state", guest_key, get=EVERYBODY | STRANGERS, is_public=True),
    Row(
        "sensemaking:your-room-code",
        guest_key,
        get=EVERYBODY | STRANGERS,
        is_public=True,
    ),
]

ROWS = [
    *(*PORTAL, *PEOPLE, *MAIL, *REPORTS, *CITIES_AND_CALENDAR, *PAIRINGS),
    *(*MANAGING, *MATCHING, *OUTPUTS, *SENSEMAKING),
]

# --- Addresses of the sign-in library ----------------------------------------------------------------------------------------

RESET = {"uidb36": "1", "key": "made-up"}
OIDC = {"provider_id": "nobody"}
ACCOUNT_ROWS = [
    AccountRow("account_login", is_door=True),
    AccountRow("account_logout", is_door=True),
    AccountRow("account_inactive", is_door=True),
    AccountRow("account_signup", is_door=True),
    AccountRow("account_reauthenticate"),
    AccountRow("account_email"),
    AccountRow("account_email_verification_sent", is_door=True),
    AccountRow("account_change_password"),
    AccountRow("account_set_password"),
    AccountRow("account_reset_password", is_door=True),
    AccountRow("account_reset_password_done", is_door=True),
    AccountRow("account_reset_password_from_key", RESET, is_door=True),
    AccountRow("account_reset_password_from_key_done", is_door=True),
    AccountRow("account_confirm_login_code", is_door=True),
    AccountRow("account_confirm_email", {"key": "made-up"}, is_door=True),
    AccountRow("mfa_index"),
    AccountRow("mfa_authenticate", is_door=True),
    AccountRow("mfa_reauthenticate"),
    AccountRow("mfa_activate_totp"),
    AccountRow("mfa_deactivate_totp"),
    AccountRow("mfa_view_recovery_codes"),
    AccountRow("mfa_generate_recovery_codes"),
    AccountRow("mfa_download_recovery_codes"),
    AccountRow("mfa_list_webauthn"),
    AccountRow("mfa_add_webauthn"),
    AccountRow("mfa_reauthenticate_webauthn"),
    AccountRow("mfa_remove_webauthn", {"pk": 1}),
    AccountRow("mfa_edit_webauthn", {"pk": 1}),
    AccountRow("mfa_login_webauthn", is_door=True),
    AccountRow("socialaccount_login_cancelled", is_door=True),
    AccountRow("socialaccount_login_error", is_door=True),
    AccountRow("socialaccount_signup", is_door=True),
    AccountRow("socialaccount_connections"),
    AccountRow("openid_connect_login", OIDC, is_door=True),
    AccountRow("openid_connect_callback", OIDC, is_door=True),
    AccountRow("usersessions_list"),
]
# Addresses of old releases of the library, without a name: nothing but redirects to the ones above.
UNNAMED = {
    "accounts/social/login/cancelled/",
    "accounts/social/login/error/",
    "accounts/social/signup/",
    "accounts/social/connections/",
}
