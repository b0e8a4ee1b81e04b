"""The pictures of a section as bitmaps, for formats that take no vectors: the same drawings as on the page and in the PDF."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from twinning.core.templatetags import pictures

from ..selectors.reading import SectionToRead

DOTS = 2  # of the bitmap for each unit of the drawing: sharp on paper at the width of a page
FONTS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMath-Signs.ttf", "NotoSansSymbols2-Signs.ttf")
DRAWING = re.compile(r'<svg [^>]*class="drawing.*?</svg>', re.DOTALL)
TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """A bitmap with what it shows in words: `alt`, and `key`, a line that explains its signs, where it needs one."""

    png: bytes
    alt: str
    key: str = ""


def drawings_of(section: SectionToRead) -> list[Drawing]:
    """The pictures of a section, in the active language; long ones come in several parts."""
    return [
        Drawing(bitmap(svg), html.unescape(TITLE.search(svg)[1]).strip(), key)
        for markup, key in _markup(section)
        for svg in DRAWING.findall(markup)
    ]


def _markup(section: SectionToRead) -> Iterator[tuple[str, str]]:
    """(markup that holds drawings, the key to their signs)."""
    picture, drawn = section.picture, section.drawn
    if picture:
        yield (
            pictures.objectives_timeline(
                picture.rows, picture.occasions, starts_on=picture.starts_on, ends_on=picture.ends_on
            ),
            "",
        )
    if drawn.get("stakeholders"):
        yield pictures.influence_interest(drawn["stakeholders"]), ""
    if drawn.get("candidates"):
        key = _("Full: present. Half: partly. Crossed: missing. Question mark: unknown.")
        yield pictures.conditions_matrix(drawn["conditions"], drawn["candidates"]), key
    if drawn.get("actions"):
        yield pictures.gantt_chart(drawn["actions"]), ""
    if drawn.get("money"):
        yield pictures.budget_chart(drawn["budgets"], drawn["money_kinds"]), ""


def bitmap(svg: str) -> bytes:
    """The drawing as PNG on white, with our own fonts, whatever this machine has."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 a compiled library that only this needs

    width = float(svg.partition('viewBox="')[2].split()[2])
    return bytes(
        svg_to_bytes(
            svg_string=svg,
            background="white",
            width=round(width * DOTS),
            skip_system_fonts=True,
            font_files=_fonts(),
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
        )
    )


@cache
def _fonts() -> list[str]:
    return [str(finders.find(f"fonts/{name}")) for name in FONTS]
