"""Cities: local authorities that take part as twins or belong to hosts."""

import unicodedata

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from twinning.core.models import TimeStamped

from ..states import CityKind


def fold(text: str) -> str:
    """Lower case without diacritics, so that "lodz" finds "Łódź" and "izmir" finds "İzmir"."""
    plain = text.replace("ł", "l").replace("Ł", "l").replace("ı", "i").replace("ø", "o").replace("Ø", "o")
    plain = plain.replace("ß", "ss").replace("æ", "ae").replace("Æ", "ae").replace("đ", "d").replace("Đ", "d")
    decomposed = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


class CityQuerySet(models.QuerySet):
    def named_like(self, text: str):
        """Cities one of whose spellings contains `text`, whatever its case and diacritics."""
        return self.filter(search_text__contains=fold(text))

    def visible_to(self, user):
        """The city register is open to everybody who is signed in."""
        return self if user.is_authenticated else self.none()


class City(TimeStamped):
    """A local authority. What it does in a cohort stands in its participation or in a host."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    country = CountryField(_("country"))
    kind = models.CharField(_("kind of authority"), max_length=20, choices=CityKind, default=CityKind.CITY)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_source = models.CharField(_("source of the population"), max_length=200, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population"), null=True, blank=True)
    is_mission_city = models.BooleanField(_("Mission City"), default=False)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    search_text = models.TextField(editable=False, default="", db_index=False)

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        indexes = [
            models.Index(fields=["name"], name="city_by_name"),
            models.Index(fields=["country"], name="city_by_country"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,  # a comparison with nothing is neither true nor false, and would pass
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="city_coordinates_both_and_on_earth",
                violation_error_message=_("Give latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohorts:city-detail", args=[self.slug])

    def refresh_search_text(self, spellings: list[str] | None = None) -> None:
        """Set `search_text` from the name and the other spellings; the caller saves."""
        self.search_text = " ".join(sorted({fold(text) for text in [self.name, self.slug, *(spellings or [])]}))


class CityName(models.Model):
    """Another spelling of a city's name: official, English or local."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official")
        ENGLISH = "english", _("English")
        LOCAL = "local", _("Local")
        FORMER = "former", _("Former or other")

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("spelling")
        verbose_name_plural = _("spellings")
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="city_name_once")]

    def __str__(self) -> str:
        return self.name
