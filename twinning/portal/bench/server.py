"""The application and the bare views behind one server: what gunicorn serves while pages are measured."""

import time

from django.core.wsgi import get_wsgi_application
from django.db import connection

application_itself = get_wsgi_application()

from .bare import BareHandler  # noqa: E402 Django must be set up first

bare_views = BareHandler()
COUNT_HEADER = "HTTP_X_BENCH_COUNT"


def application(environ, start_response):
    """Bare views under /bare/, else the application. Each answer says how much processor time was used before it, in seconds.

    What lies between two answers is what the first one cost, the server's own work included. Not the time on the wall: on
    a busy machine that tells what others do. SQLite works inside this process and is counted.
    With the header X-Bench-Count the answer also says how many queries it took.
    """
    used = time.process_time()
    serve = bare_views if environ["PATH_INFO"].startswith("/bare/") else application_itself
    queries = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    def start_and_tell(status, headers, exc_info=None):
        told = [("X-Bench-Used", str(used)), ("X-Bench-Queries", str(len(queries)))]
        return start_response(status, [*headers, *told], exc_info)

    if COUNT_HEADER not in environ:
        return serve(environ, start_and_tell)
    with connection.execute_wrapper(note):
        return serve(environ, start_and_tell)
