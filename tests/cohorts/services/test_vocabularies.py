import pytest

from cohorts.models import Term, Vocabulary
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.services.vocabularies import load_vocabularies, shipped_vocabularies

pytestmark = pytest.mark.django_db


def test_a_new_database_has_the_shipped_vocabularies():
    assert set(Vocabulary.objects.values_list("slug", flat=True)) == set(shipped_vocabularies())
    assert list(Term.objects.of(LEVERS).values_list("code", flat=True)) == [
        "technology-infrastructure",
        "governance-policy",
        "social-innovation",
        "democracy-participation",
        "finance-funding",
        "learning-capabilities",
    ]


def test_loading_again_adds_nothing_and_undoes_nothing():
    Term.objects.filter(code="industry").update(label="Factories", is_retired=True)
    Term.objects.of(DOMAINS).get(code="energy-systems").delete()
    before = Term.objects.count()
    assert load_vocabularies() == []
    assert Term.objects.count() == before
    assert Term.objects.of(DOMAINS).get(code="industry").label == "Factories"


def test_a_missing_vocabulary_is_loaded_alone():
    Term.objects.filter(vocabulary__slug=LEVERS).delete()
    Vocabulary.objects.get(slug=LEVERS).delete()
    assert load_vocabularies() == [LEVERS]
    assert Term.objects.of(LEVERS).count() == 6


def test_codes_are_unique_in_each_shipped_list():
    for entry in shipped_vocabularies().values():
        codes = [code for code, _label in entry["terms"]]
        assert len(codes) == len(set(codes))
        assert all(codes)
