"""The application and the bare views behind one server: what gunicorn serves while pages are measured."""

from django.core.wsgi import get_wsgi_application
from django.db import connection

application_itself = get_wsgi_application()

from .bare import BareHandler  # noqa: E402 Django must be set up first

bare_views = BareHandler()
COUNT_HEADER = "HTTP_X_BENCH_COUNT"


def application(environ, start_response):
    """Bare views under /bare/, else the application. With the header X-Bench-Count the answer says how many queries it took."""
    if environ["PATH_INFO"].startswith("/bare/"):
        return bare_views(environ, start_response)
    if COUNT_HEADER not in environ:
        return application_itself(environ, start_response)
    queries = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    def start_and_tell(status, headers, exc_info=None):
        return start_response(status, [*headers, ("X-Bench-Queries", str(len(queries)))], exc_info)

    with connection.execute_wrapper(note):
        return application_itself(environ, start_and_tell)
