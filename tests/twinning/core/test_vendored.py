"""What comes from elsewhere is what its manifest says, whole and with its licence."""

import hashlib
import json
import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEST_VENDOR = settings.BASE_DIR / "tests" / "vendor"


def manifest(path):
    return json.loads(path.read_text())


@pytest.mark.parametrize(
    ("root", "path"), [(STATIC, STATIC / "vendor" / "manifest.json"), (TEST_VENDOR, TEST_VENDOR / "manifest.json")]
)
def test_files_match_their_hashes(root, path):
    changed = [
        name
        for entry in manifest(path)
        for name, digest in entry["files"].items()
        if hashlib.sha256((root / name).read_bytes()).hexdigest() != digest
    ]
    assert changed == []


@pytest.mark.parametrize("path", [STATIC / "vendor" / "manifest.json", TEST_VENDOR / "manifest.json"])
def test_each_thing_has_version_licence_and_its_text(path):
    for entry in manifest(path):
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"]), entry["name"]
        assert entry["licence"] in {"MIT", "OFL-1.1", "MPL-2.0"}, entry["name"]
        assert any(name.endswith(("LICENSE", "OFL.txt")) for name in entry["files"]), entry["name"]


def test_no_vendored_file_is_missing_from_the_manifest():
    named = {name for entry in manifest(STATIC / "vendor" / "manifest.json") for name in entry["files"]}
    present = {
        str(file.relative_to(STATIC))
        for folder in ("vendor", "fonts")
        for file in (STATIC / folder).rglob("*")
        if file.is_file()
    }
    assert present - {"vendor/manifest.json"} == named


def test_nothing_in_our_styles_is_fetched_from_another_host():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "@import" not in text, sheet.name
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", text), sheet.name
