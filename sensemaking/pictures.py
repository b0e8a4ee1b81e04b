"""Pictures that pages of sessions show."""

from django.utils.safestring import SafeString, mark_safe


def code_picture(address: str) -> SafeString:
    """An address as a QR code: an SVG element. The address must stand beside it, or be given away by it alone on purpose."""
    import qrcode  # noqa: PLC0415 slow to import
    import qrcode.image.svg  # noqa: PLC0415

    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, border=2)
    return mark_safe(picture.to_string(encoding="unicode").replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308 drawn by us
