"""Live streams under /stream/, and both kinds on one port.

`application` is what uvicorn serves in production behind a proxy that sends it /stream/ alone. `everything` is for one process on
one port (the demo): streams go to our own ASGI application (`portal.streams`), pages to Django's WSGI handler on a pool of threads.
"""

import os

import django
from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
django.setup(set_prefix=False)

from twinning.portal.streams import application  # noqa: E402 the apps must be loaded before

STREAM_PREFIX = "/stream/"
PAGE_THREADS = 8


def everything_on_one_port():
    """An ASGI application that serves pages and streams."""
    from twinning.wsgi import application as pages  # noqa: PLC0415 streams alone need no pages

    pages_on_threads = WSGIMiddleware(pages, workers=PAGE_THREADS)

    async def everything(scope, receive, send):
        is_page = scope["type"] == "http" and not scope["path"].startswith(STREAM_PREFIX)
        await (pages_on_threads if is_page else application)(scope, receive, send)

    return everything
