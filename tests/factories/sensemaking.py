import datetime

import factory

from sensemaking.models import (
    AgendaItem,
    AgendaRun,
    Board,
    BoardEvent,
    Cluster,
    ClusterMember,
    Guest,
    GuidingQuestion,
    Insight,
    LineageLink,
    Note,
    NoteGroup,
    NoteLink,
    Recommendation,
    ReportFile,
    Room,
    RoomPlan,
    RoomRule,
    RoomSearch,
    RoomWish,
    Round,
    Seat,
    Session,
    SessionCohort,
    SessionFormat,
    SessionReport,
    Vote,
)
from sensemaking.states import InsightState, LinkKind, Phase, RoomMode, SeatOrigin, SessionKind

from .cohorts import CityFactory, CohortFactory, HostingFactory
from .people import UserFactory

LONG_AGO = datetime.datetime(2026, 9, 1, 9, 0, tzinfo=datetime.UTC)


class ClusterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cluster

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Cluster {n}")


class ClusterMemberFactory(factory.django.DjangoModelFactory):
    """A host in a cluster; name `participation` and `hosting=None` for a twin."""

    class Meta:
        model = ClusterMember

    cluster = factory.SubFactory(ClusterFactory)
    hosting = factory.SubFactory(HostingFactory, cohort=factory.SelfAttribute("..cluster.cohort"))


class RoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Round

    cohort = factory.SubFactory(CohortFactory)
    phase = Phase.ACT
    number = factory.Sequence(lambda n: n + 1)


class SessionFactory(factory.django.DjangoModelFactory):
    """A session of one cohort; `cohort` names it."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Session {n}")
    kind = SessionKind.ALL_CLUSTER
    held_on = datetime.date(2026, 10, 20)
    room_mode = RoomMode.ALLOCATED

    @factory.post_generation
    def cohort(self, create, cohort, **kwargs):
        SessionCohort.objects.create(session=self, cohort=cohort or CohortFactory(**kwargs))


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    session = factory.SubFactory(SessionFactory)
    part = 1
    position = factory.Sequence(lambda n: n + 1)
    theme = factory.Sequence(lambda n: f"Theme {n}")
    least = 1
    most = 4


class GuestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guest

    session = factory.SubFactory(SessionFactory)
    name = factory.Sequence(lambda n: f"Guest {n}")
    city = factory.SubFactory(CityFactory)


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat

    guest = factory.SubFactory(GuestFactory)
    room = factory.SubFactory(RoomFactory, session=factory.SelfAttribute("..guest.session"))
    part = factory.SelfAttribute("room.part")
    origin = SeatOrigin.ALLOCATED
    since = LONG_AGO


class SessionFormatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SessionFormat

    slug = factory.Sequence(lambda n: f"format-{n}")
    label = factory.Sequence(lambda n: f"Format {n}")


class SessionCohortFactory(factory.django.DjangoModelFactory):
    """A further cohort of a session."""

    class Meta:
        model = SessionCohort

    session = factory.SubFactory(SessionFactory)
    cohort = factory.SubFactory(CohortFactory)


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    session = factory.SubFactory(SessionFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "Welcome"
    minutes = 10


class AgendaRunFactory(factory.django.DjangoModelFactory):
    """A point that runs now; name `ended_at` for one that is over."""

    class Meta:
        model = AgendaRun

    item = factory.SubFactory(AgendaItemFactory)
    session = factory.SelfAttribute("item.session")
    title = factory.SelfAttribute("item.title")
    minutes = factory.SelfAttribute("item.minutes")
    started_at = LONG_AGO


class GuidingQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GuidingQuestion

    session = factory.SubFactory(SessionFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = "What should others avoid?"


class RoomWishFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoomWish

    guest = factory.SubFactory(GuestFactory)
    room = factory.SubFactory(RoomFactory, session=factory.SelfAttribute("..guest.session"))
    rank = 1


class RoomRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoomRule

    session = factory.SubFactory(SessionFactory)
    one = factory.SubFactory(GuestFactory, session=factory.SelfAttribute("..session"))
    other = factory.SubFactory(GuestFactory, session=factory.SelfAttribute("..session"))


class RoomSearchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoomSearch

    session = factory.SubFactory(SessionFactory)
    moves = 300
    asked_by = factory.SubFactory(UserFactory)
    asked_at = alive_at = LONG_AGO


class RoomPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoomPlan

    session = factory.SubFactory(SessionFactory)
    moves = 100
    bound = 0
    total = 12
    made_at = LONG_AGO


class BoardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Board
        django_get_or_create = ("session",)

    session = factory.SubFactory(SessionFactory)


class NoteGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NoteGroup

    board = factory.SubFactory(BoardFactory)
    name = factory.Sequence(lambda n: f"Group {n}")


class NoteFactory(factory.django.DjangoModelFactory):
    """A note that its author wrote."""

    class Meta:
        model = Note

    board = factory.SubFactory(BoardFactory)
    text = factory.Sequence(lambda n: f"Remark {n}")
    author = factory.SubFactory(GuestFactory, session=factory.SelfAttribute("..board.session"))
    written_by = factory.SelfAttribute("author")
    city = factory.SelfAttribute("author.city")
    written_at = LONG_AGO


class NoteLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NoteLink

    board = factory.SubFactory(BoardFactory)
    one = factory.SubFactory(NoteFactory, board=factory.SelfAttribute("..board"))
    other = factory.SubFactory(NoteFactory, board=factory.SelfAttribute("..board"))


class VoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vote

    note = factory.SubFactory(NoteFactory)
    guest = factory.SelfAttribute("note.author")


class BoardEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BoardEvent

    board = factory.SubFactory(BoardFactory)
    sequence = factory.Sequence(lambda n: n + 1)
    act = "set_timer"
    at = LONG_AGO


class InsightFactory(factory.django.DjangoModelFactory):
    """A draft; name `confirmed=True` for one that counts."""

    class Meta:
        model = Insight

    class Params:
        confirmed = factory.Trait(
            state=InsightState.CONFIRMED, confirmed_by=factory.SelfAttribute("author"), confirmed_at=LONG_AGO
        )

    session = factory.SubFactory(SessionFactory)
    statement = factory.Sequence(lambda n: f"Statement {n}")
    author = factory.SubFactory(UserFactory)


class SessionReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SessionReport

    session = factory.SubFactory(SessionFactory)


class RecommendationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recommendation

    report = factory.SubFactory(SessionReportFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"Recommendation {n}")


class LineageLinkFactory(factory.django.DjangoModelFactory):
    """A note under an insight; name `kind` and the ends of others, with `note=None` and `to_insight=None`."""

    class Meta:
        model = LineageLink

    kind = LinkKind.EVIDENCE
    note = factory.SubFactory(NoteFactory)
    to_insight = factory.SubFactory(InsightFactory, session=factory.SelfAttribute("..note.board.session"))
    made_at = LONG_AGO


class ReportFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportFile

    report = factory.SubFactory(SessionReportFactory)
    queued_at = LONG_AGO
