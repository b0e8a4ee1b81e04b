"""The folder of a city as one ZIP: everything that it has submitted in a cohort, in every form."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.text import slugify

from cohorts.models import Participation

from ..formats.data import version_data
from ..formats.names import file_stem
from ..formats.word import about_version, render_word
from ..formats.workbook import render_workbook
from ..models import Document, OutputVersion
from ..states import DocumentFormat, DocumentState

Entry = tuple[str, Callable[[], bytes]]


def make_folder(participation: Participation, *, now: datetime, note: Callable[[int, int], None]) -> bytes:
    """The ZIP: for each version its PDF and data, for the newest of each output Word and spreadsheet too, and a list of
    all with their fingerprints. `note(done, total)` is told after each file. The same versions give the same entries.
    """
    versions = list(
        OutputVersion.objects.filter(output__participation=participation)
        .select_related("output__participation__city", "output__participation__cohort", "submitted_by", "decision")
        .order_by("output__position", "output__pk", "number")
    )
    entries = list(_entries(versions))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, (name, make) in enumerate(entries):
            note(done, len(entries) + 1)
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), make(), zipfile.ZIP_DEFLATED)
        context = {"participation": participation, "versions": versions, "now": now, "names": [e[0] for e in entries]}
        archive.writestr(
            zipfile.ZipInfo("README.txt", now.timetuple()[:6]), render_to_string("outputs/folder.txt", context)
        )
        note(len(entries) + 1, len(entries) + 1)
    return file.getvalue()


def _entries(versions: list[OutputVersion]) -> Iterator[Entry]:
    newest = {version.output_id: version.pk for version in versions}
    for version in versions:
        folder = f"{version.output.position:02d}-{slugify(version.content['label'])}"
        stem = f"{folder}/{file_stem(version)}"
        yield f"{stem}.pdf", partial(_pdf, version)
        yield f"{stem}.json", partial(version_data, version)
        if newest[version.output_id] == version.pk:
            yield f"{stem}.docx", partial(_word, version)
            yield f"{stem}.xlsx", partial(render_workbook, version)


def _pdf(version: OutputVersion) -> bytes:
    """The file that was made already, else a new one."""
    ready = Document.objects.filter(version=version, format=DocumentFormat.PDF, state=DocumentState.READY).first()
    if ready and Path(ready.file.path).is_file():
        return Path(ready.file.path).read_bytes()
    from ..pdf.render import render_version  # noqa: PLC0415 slow

    return render_version(version)[0]


def _word(version: OutputVersion) -> bytes:
    return render_word(version.content, code=version.output.code, about=about_version(version))
