"""What the files of a version are called."""

from django.utils.text import slugify

from ..models import OutputVersion


def file_stem(version: OutputVersion) -> str:
    """Name of a file without its ending: output, city, version."""
    city = slugify(version.content["twin"]["name"]) or "city"
    return f"{slugify(version.content['label'])}-{city}-v{version.number}"
