"""What no single test of a part can see: leftovers, gaps and words that nobody marked, across the whole project."""

import ast
import importlib
import pkgutil
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
import rules
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from factory.django import DjangoModelFactory

import tests.factories
from twinning.audit.registry import VERBS
from twinning.mail.registry import KINDS

ROOT = settings.BASE_DIR
TEMPLATES = ROOT / "templates"
OUR_PACKAGES = ("twinning", "cohorts", "matching", "outputs", "sensemaking")
OUR_APPS = [config for config in apps.get_app_configs() if config.name.split(".")[0] in OUR_PACKAGES]


@cache
def python_files() -> tuple[Path, ...]:
    files = [path for package in OUR_PACKAGES for path in (ROOT / package).rglob("*.py")]
    return tuple(sorted(path for path in files if "migrations" not in path.parts))


@cache
def code() -> str:
    """All of our Python, without migrations."""
    return "\n".join(path.read_text() for path in python_files())


@cache
def templates() -> dict[str, str]:
    files = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in files}


def literals(function_names: set[str], position: int) -> set[str]:
    """The literal texts that stand at this place of a call to one of these functions."""
    found = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or len(node.args) <= position:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            argument = node.args[position]
            if name in function_names and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.add(argument.value)
    return found


# --- Templates ------------------------------------------------------------------------------------------------------------

# Found by Django itself.
ERROR_PAGES = {"403.html", "404.html", "429.html", "500.html", "403_csrf.html"}


def replaces_a_librarys(name: str) -> bool:
    """Whether a library brings a template of the same name, which ours stands in front of."""
    return any(
        (Path(config.path) / "templates" / name).exists() for config in apps.get_app_configs() if config not in OUR_APPS
    )


def test_every_template_is_used():
    texts_of_letters = {f"{kind.template}{end}" for kind in KINDS.values() for end in (".subject.txt", ".txt", ".html")}
    everything = code() + "".join(templates().values())
    unused = {
        name
        for name in templates()
        if name not in ERROR_PAGES | texts_of_letters and name not in everything and not replaces_a_librarys(name)
    }
    assert unused == set()


def test_every_component_is_exhibited():
    """The gallery is where one looks before making another one, and what the accessibility test reads."""
    gallery = templates()["portal/components.html"] + (ROOT / "twinning/core/templatetags/pictures.py").read_text()
    # Parts of every page, or of other components; they need no place of their own.
    inside = {name for name in components() if any(f'"{name}"' in text for text in components().values())}
    shown = {name for name in components() if f'"{name}"' in gallery or f'"{name}"' in templates()["base.html"]}
    assert set(components()) - shown - inside == set()


def components() -> dict[str, str]:
    return {name: text for name, text in templates().items() if name.startswith("components/")}


def test_every_component_says_its_parameters():
    assert [name for name, text in components().items() if not text.startswith("{% comment %}")] == []


def test_translated_blocks_are_trimmed():
    loose = re.compile(r"{% blocktrans(?:late)?(?![^%]*\btrimmed\b)[^%]*%}")
    assert {name: found for name, text in templates().items() if (found := loose.findall(text))} == {}


# Letters and the gallery are read by nobody who needs another language; the brand is a name.
NOT_TRANSLATED = {"portal/components.html", "base_mail.html"}
MARKED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
SILENT = re.compile(
    r"{% block page_class %}.*?{% endblock %}|{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}|<style.*?</style>|<script.*?</script>|<!--.*?-->|&\w+;",
    re.DOTALL,
)
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-l)="([^"]*)"')
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{3,}")
NAMES = {"Twinning", "PDF", "CSV", "ISO", "utf", "ics"}


def test_every_word_of_a_page_is_marked_for_translation():
    bare = {}
    for name, text in templates().items():
        if name in NOT_TRANSLATED or not name.endswith(".html"):
            continue
        silent = SILENT.sub(" ", MARKED.sub(" ", text))
        spoken = TAG.sub(" ", silent) + " ".join(SPOKEN_ATTRIBUTE.findall(silent))
        words = [word for word in WORD.findall(spoken) if word not in NAMES]
        if words:
            bare[name] = words[:8]
    assert bare == {}


INLINE = re.compile(
    r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|\sstyle=|\son[a-z]+=\"|javascript:|<style", re.IGNORECASE
)


def test_no_page_carries_script_or_style_of_its_own():
    """The content policy would block it, without a word to the reader."""
    letters = {name for name in templates() if "/mail/" in name or name == "base_mail.html"}
    papers = {name for name in templates() if "/pdf/" in name or name == "base_print.html"}
    found = {
        name: hits
        for name, text in templates().items()
        if name not in letters | papers and (hits := INLINE.findall(SILENT_COMMENT.sub("", text)))
    }
    assert found == {}


SILENT_COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)

# --- Journal, letters, permissions --------------------------------------------------------------------------------------------


def test_every_recorded_verb_has_a_sentence_and_every_sentence_is_used():
    recorded = literals({"record"}, 1)
    assert recorded - VERBS.keys() == set(), "verbs without a sentence"
    assert {verb for verb in VERBS if f'"{verb}"' not in without_verbs()} == set(), "sentences that nobody records"


@cache
def without_verbs() -> str:
    return "\n".join(path.read_text() for path in python_files() if path.name != "audit_verbs.py")


def test_every_sentence_of_the_journal_names_who_or_what():
    assert {verb for verb, words in VERBS.items() if "{" not in str(words)} == set()
    assert {verb for verb, words in VERBS.items() if not isinstance(words, Promise)} == set(), (
        "not marked for translation"
    )


def test_every_letter_that_is_sent_has_a_kind_and_every_kind_its_texts():
    sent = literals({"queue_mail", "queue_written_mail"}, 0)
    assert sent - KINDS.keys() == set(), "letters without a kind"
    assert {kind for kind in KINDS if f'"{kind}"' not in without_kinds()} == set(), "kinds that nobody sends"
    missing = {
        f"{kind.template}{end}"
        for kind in KINDS.values()
        for end in (".subject.txt", ".txt", ".html")
        if kind.template != "account/email" and f"{kind.template}{end}" not in templates()
    }
    assert missing == set()


@cache
def without_kinds() -> str:
    return "\n".join(path.read_text() for path in python_files() if path.name != "mails.py")


def test_every_permission_is_asked_for():
    asked = without_rules()
    assert {name for name in rules.permissions.permissions if f'"{name}"' not in asked} == set()


@cache
def without_rules() -> str:
    return "\n".join(path.read_text() for path in python_files() if path.name != "rules.py")


def test_every_permission_says_in_words_what_it_asks():
    """The docstrings of the predicates are the policy."""
    unsaid = set()
    for name in rules.permissions.permissions:
        for predicate in _parts_of(rules.permissions.permissions[name]):
            is_composed = " " in predicate.name or predicate.name.startswith("~")
            if not is_composed and not (predicate.fn.__doc__ or "").strip():
                unsaid.add(predicate.name)
    assert unsaid == set()


def _parts_of(predicate):
    yield predicate
    closure = getattr(predicate.fn, "__closure__", None) or ()
    for cell in closure:
        inner = cell.cell_contents
        for part in inner if isinstance(inner, tuple | list) else [inner]:
            if isinstance(part, rules.predicates.Predicate):
                yield from _parts_of(part)


# --- Models ---------------------------------------------------------------------------------------------------------------------


def our_models() -> list[type[models.Model]]:
    return [model for config in OUR_APPS for model in config.get_models()]


# Rows that only a service or a migration writes, and tests have by calling it.
WITHOUT_FACTORY = {"cohorts.CalendarFeed"}


def test_every_model_has_a_factory():
    for module in pkgutil.iter_modules(tests.factories.__path__, "tests.factories."):
        importlib.import_module(module.name)
    made = {factory._meta.model for factory in _all_subclasses(DjangoModelFactory)}
    missing = {model._meta.label for model in our_models() if model not in made}
    assert missing - WITHOUT_FACTORY == set()


def _all_subclasses(of: type) -> set[type]:
    return {inner for direct in of.__subclasses__() for inner in {direct, *_all_subclasses(direct)}}


def layers() -> list[str]:
    """The apps from top to bottom, as import-linter has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["name"].startswith("Apps"))


def test_foreign_keys_point_downward():
    """A reference by name ("outputs.Output") is no import: only this test sees it. Everybody may point to a person."""
    height = {app: place for place, layer in enumerate(layers()) for app in layer.split(" | ")}
    upward = [
        str(field)
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model in our_models()
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
        and height[field.related_model._meta.app_config.name] < height[model._meta.app_config.name]
    ]
    assert upward == []


def test_every_state_has_a_translated_label():
    bare = {
        f"{model._meta.label}.{field.name}: {value}"
        for model in our_models()
        for field in model._meta.get_fields()
        if getattr(field, "choices", None) and field.name not in ("country", "language")
        for value, label in field.choices
        if value != "" and not str(label).strip()
    }
    assert bare == set()


# --- Size -----------------------------------------------------------------------------------------------------------------------

BUDGETS = {"models": 300, "services": 400, "templates": 150, "tests": 600}
VIEW_LINES = 40
TOO_FAR = 2  # over its budget a file is a prompt to split; this far over, the split is due


def sizes() -> dict[str, tuple[int, int]]:
    """Files over their budget: lines and budget."""
    over = {}
    files = [*python_files(), *TEMPLATES.rglob("*.html"), *(ROOT / "tests").rglob("test_*.py")]
    for path in files:
        kind = next((part for part in BUDGETS if part in path.parts or path.stem == part), None)
        if kind and (lines := len(path.read_text().splitlines())) > BUDGETS[kind]:
            over[str(path.relative_to(ROOT))] = (lines, BUDGETS[kind])
    return over


def long_views() -> dict[str, tuple[int, int]]:
    over = {}
    for path in python_files():
        if "views" not in path.parts and path.stem != "views":
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (lines := node.end_lineno - node.lineno + 1) > VIEW_LINES:
                over[f"{path.relative_to(ROOT)}:{node.name}"] = (lines, VIEW_LINES)
    return over


@pytest.mark.parametrize("measure", [sizes, long_views])
def test_nothing_is_far_beyond_its_budget(measure):
    over = measure()
    for name, (lines, budget) in sorted(over.items()):
        print(f"over budget: {name}: {lines} lines, budget {budget}")
    assert {name: size for name, size in over.items() if size[0] > size[1] * TOO_FAR} == {}
