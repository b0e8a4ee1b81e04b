"""Outputs: what each twin owes, in which state, due when; and the prose of the present draft."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import (
    FacilitatorAssignment,
    HostContact,
    Membership,
    Pairing,
    Participation,
    ProgrammeOutput,
    Term,
)
from cohorts.states import OPEN_PAIRING, PairingState
from twinning.core.models import PublicCode, TimeStamped

from ..kinds import WRITTEN_BY_HOSTS_TOO, Kind, kind_of
from ..states import OWED, OutputState


class OutputQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(participation__cohort=cohort)

    def owed(self):
        """Those with which the city still has something to do."""
        return self.filter(state__in=OWED)

    def with_effective_due(self):
        """Annotates `effective_due_on`: the extension where there is one, else the due date."""
        return self.annotate(effective_due_on=Coalesce("extended_until", "due_on"))

    def late_on(self, day: datetime.date):
        return self.owed().with_effective_due().filter(effective_due_on__lt=day)

    def with_round(self):
        """Annotates `round`: how often it was submitted."""
        return self.annotate(round=models.Count("versions"))

    def with_participation(self):
        return self.select_related("participation__city", "participation__cohort")

    def with_pairing(self):
        """With the pairing of the twin that is announced now, as `announced_pairing`; where there is none, without it."""
        announced = models.Q(participation__pairings__state=PairingState.ANNOUNCED)
        pairing = models.FilteredRelation("participation__pairings", condition=announced)
        return self.annotate(announced_pairing=pairing).select_related("announced_pairing__hosting__host")

    def with_roles_of(self, user):
        """Annotates what this person is to each of them now, which is all that the rules want to know (`outputs.rules`)."""
        here = models.OuterRef("participation")
        officers = Membership.objects.current().filter(participation=here)
        contacts = HostContact.objects.current().filter(
            hosting__pairings__participation=here, hosting__pairings__state=PairingState.ANNOUNCED
        )
        facilitators = FacilitatorAssignment.objects.current().filter(
            pairing__participation=here, pairing__state__in=OPEN_PAIRING
        )
        return self.annotate(
            roles_of=models.Value(user.pk),
            is_of_officer=models.Exists(officers.filter(user=user)),
            is_of_host_contact=models.Exists(contacts.filter(user=user)),
            is_of_facilitator=models.Exists(facilitators.filter(user=user)),
            has_host_contact=models.Exists(contacts),
        )

    def of_officer(self, user):
        """Those of the cities whose officer this person is now, once the first pairing is announced."""
        announced = Membership.objects.current().filter(user=user, participation__pairings__announced_at__isnull=False)
        return self.filter(participation__in=announced.values("participation"))

    def visible_to(self, user):
        """Those who see everything; facilitators the outputs of pairings assigned to them; officers their own city's,
        once its first pairing is announced; host contacts, while their host is announced as the twin's, the roadmap
        (they write in it) and of the others what was submitted once."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        own = Membership.objects.filter(user=user, ended_at=None, participation__pairings__announced_at__isnull=False)
        hosted = Pairing.objects.announced().filter(hosting__contacts__user=user, hosting__contacts__ended_at=None)
        for_hosts = models.Q(kind__in=WRITTEN_BY_HOSTS_TOO) | models.Q(submitted_at__isnull=False)
        seen = models.Q(participation__in=own.values("participation"))
        seen |= for_hosts & models.Q(participation__in=hosted.values("participation"))
        if user.is_facilitator:
            assigned = FacilitatorAssignment.objects.filter(user=user, ended_at=None)
            seen |= models.Q(participation__in=assigned.values("pairing__participation"))
        return self.filter(seen)

    def open_to(self, user):
        """Those that the person sees, and those of which they were invited to read a version. See `OutputVersion.visible_to`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        invited = user.peer_invitations.open().values("version__output")
        return self.filter(models.Q(pk__in=self.visible_to(user).values("pk")) | models.Q(pk__in=invited))


class Output(PublicCode, TimeStamped):
    """One output of one participation. It stays with the twin when the twin gets another host.

    Three dates: `due_on` (the programme's), `extended_until` (granted to this output alone) and `cut_off_on`
    (after which nothing more is taken).
    """

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="outputs")
    template = models.ForeignKey(
        ProgrammeOutput, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_outputs"
    )
    kind = models.SlugField(_("kind"), max_length=40)  # a slug of `outputs.kinds`
    label = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=12, choices=OutputState, default=OutputState.NOT_STARTED)
    due_on = models.DateField(_("due"))
    cut_off_on = models.DateField(_("cut-off"), null=True, blank=True)
    extended_until = models.DateField(_("extended until"), null=True, blank=True)
    extension_reason = models.CharField(_("reason of the extension"), max_length=500, blank=True)
    waived_reason = models.CharField(_("reason of the waiver"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("last submitted at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    is_example = models.BooleanField(_("example text"), default=False)

    objects = OutputQuerySet.as_manager()

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        constraints = [
            models.UniqueConstraint(fields=["participation", "kind"], name="output_kind_once"),
            models.CheckConstraint(
                condition=models.Q(state=OutputState.ACCEPTED, accepted_at__isnull=False)
                | (~models.Q(state=OutputState.ACCEPTED) & models.Q(accepted_at=None)),
                name="output_accepted_iff_accepted_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[OutputState.SUBMITTED, OutputState.SENT_BACK, OutputState.ACCEPTED])
                | models.Q(submitted_at__isnull=False),
                name="output_was_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(state=OutputState.WAIVED) ^ models.Q(waived_reason=""),
                name="output_waived_iff_reason",
                violation_error_message=_("Say why this output is waived."),
            ),
            models.CheckConstraint(
                condition=models.Q(extended_until=None) | ~models.Q(extension_reason=""),
                name="output_extended_with_reason",
                violation_error_message=_("Say why you extend."),
            ),
            models.CheckConstraint(
                condition=models.Q(cut_off_on=None) | models.Q(cut_off_on__gte=models.F("due_on")),
                name="output_cut_off_not_before_due",
                violation_error_message=_("The cut-off may not lie before the due date."),
            ),
        ]
        indexes = [
            # What is late or due, and what a cohort has of which state: both are asked of whole cohorts on many pages.
            models.Index("state", Coalesce("extended_until", "due_on"), name="output_by_state_and_due"),
            models.Index(
                "participation", "state", Coalesce("extended_until", "due_on"), name="output_of_twin_by_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.participation.city}"

    def get_absolute_url(self) -> str:
        return reverse("outputs:output-detail", args=[self.code])

    @property
    def form(self) -> Kind:
        """The sections and fields of this kind of output."""
        return kind_of(self.kind)

    @property
    def due(self) -> datetime.date:
        """The date that counts: the extension where there is one."""
        return self.extended_until or self.due_on

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which a first submission is taken; None where there is no cut-off. An extension moves it."""
        if self.cut_off_on and self.extended_until:
            return max(self.cut_off_on, self.extended_until)
        return self.cut_off_on

    def is_cut_off(self, today: datetime.date) -> bool:
        """Whether the last day of a first submission has passed. What was submitted once may always come back."""
        is_first = self.submitted_at is None and self.state in OWED
        return is_first and self.last_day is not None and today > self.last_day

    def days_late(self, today: datetime.date) -> int:
        """Days after the date that counts, 0 while in time or where nothing is owed."""
        return max(0, (today - self.due).days) if self.state in OWED else 0


class Answer(TimeStamped):
    """The text of one field of the present draft. Fields without a row are empty."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="answers")
    field = models.SlugField(_("field"), max_length=60)  # a field slug of the kind
    text = models.TextField(_("text"), blank=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(_("edited at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["output", "field"], name="answer_field_once")]

    def __str__(self) -> str:
        return f"{self.output_id}.{self.field}"


class OutputTerm(models.Model):
    """A domain or lever chosen in an output."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="output_terms")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="output_terms")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "term"], name="output_term_once")]

    def __str__(self) -> str:
        return f"{self.output_id}: {self.term_id}"
