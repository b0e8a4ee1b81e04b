from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from .roles import SEES_ALL, STEERS, PlatformRole


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Write it like Europe/Lisbon."), params={"value": value}
        )


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def with_role(self, *roles: str):
        return self.filter(platform_role__in=roles)

    def visible_to(self, user):
        """Administrators see every account; everybody sees their own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_trusted(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An account whose address needs no letter to be believed: made at the console, by the demo, by a test."""
        user = self.create_user(email, password, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        fields.setdefault("platform_role", PlatformRole.ADMINISTRATOR)
        return self.create_trusted(email, password, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(PublicCode, TimeStamped, AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail address, in whatever case it is typed."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    platform_role = models.CharField(
        _("role on the platform"), max_length=20, choices=PlatformRole, blank=True, default=PlatformRole.NONE
    )
    language = models.CharField(_("language"), max_length=10, default="en", help_text=_("Of pages and letters."))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Brussels", validators=[validate_time_zone]
    )
    theme = models.CharField(_("colours"), max_length=8, choices=Theme, blank=True, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("active"), default=True)
    is_example = models.BooleanField(_("invented for the demo"), default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message=_("There is already an account with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person-detail", args=[self.code])

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.platform_role == PlatformRole.ADMINISTRATOR

    @property
    def is_facilitator(self) -> bool:
        return self.is_active and self.platform_role == PlatformRole.FACILITATOR

    @property
    def is_observer(self) -> bool:
        return self.is_active and self.platform_role == PlatformRole.OBSERVER

    @property
    def steers(self) -> bool:
        """Administrators and coordinators: they decide in every cohort."""
        return self.is_active and self.platform_role in STEERS

    @property
    def sees_all(self) -> bool:
        """Administrators, coordinators and observers: every cohort, whole."""
        return self.is_active and self.platform_role in SEES_ALL


class InvitationQuerySet(models.QuerySet):
    def open_at(self, now):
        return self.in_state("open", now)

    def in_state(self, state: str, now):
        """Those that `state_at(now)` calls so."""
        conditions = {
            "open": models.Q(accepted_at=None, withdrawn_at=None, expires_at__gt=now),
            "expired": models.Q(accepted_at=None, withdrawn_at=None, expires_at__lte=now),
            "accepted": models.Q(accepted_at__isnull=False),
            "withdrawn": models.Q(withdrawn_at__isnull=False),
        }
        return self.filter(conditions[state])

    def for_address(self, email: str):
        return self.filter(email__iexact=email)

    def visible_to(self, user):
        """Invitations are the business of those who steer; everybody else sees the ones they sent."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.steers:
            return self
        return self.filter(invited_by=user)


class Invitation(PublicCode, TimeStamped):
    """The only door to an account. The letter carries a secret; the row keeps its hash alone."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    platform_role = models.CharField(
        _("role on the platform"), max_length=20, choices=PlatformRole, blank=True, default=PlatformRole.NONE
    )
    language = models.CharField(_("language"), max_length=10, default="en", help_text=_("Of the letter and the pages."))
    # What the invitation is for, in the words of whoever invites: "Officer of Belfast, Cohort 1".
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    cohort_slug = models.CharField(max_length=80, blank=True)  # on whose page its letter is listed
    # What else the account is given on arrival, in the words of the app that gives it (see people.registry):
    # e.g. {"cohorts.membership": {"participation": 12, "role": "officer"}}
    grants = models.JSONField(_("further roles"), default=dict, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="invitations_sent")
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def state_at(self, now) -> str:
        """One of "open", "accepted", "withdrawn", "expired"."""
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        return "open" if self.expires_at > now else "expired"
