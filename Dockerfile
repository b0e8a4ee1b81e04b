# Twinning: one image for every process; docker-compose.yml says which process runs which command.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv --without-pip /opt/packages \
    && pip --python /opt/packages/bin/python install --require-hashes --only-binary :all: -r /tmp/requirements.lock

FROM python:3.11-slim-bookworm
# What WeasyPrint draws text with; the fonts themselves come with the project.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin twinning \
    && install --directory --owner twinning --group twinning /var/lib/twinning
COPY --from=packages /opt/packages /opt/packages
COPY . /app
WORKDIR /app
ENV PATH=/opt/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TWINNING_BOOTSTRAP=0 \
    DEBUG=0 \
    VAR_DIR=/var/lib/twinning
USER 10001:10001
VOLUME /var/lib/twinning
EXPOSE 8000
# 503 is an answer too: it says that a worker is missing, and restarting the pages would not bring it back.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=8); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status not in (200, 503))"]
CMD ["gunicorn", "twinning.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
