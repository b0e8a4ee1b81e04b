"""Pages: what gunicorn serves in production. Django's WSGI handler answers a page about three times as fast as its ASGI handler."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 every view is loaded now, not while somebody waits for the first page
