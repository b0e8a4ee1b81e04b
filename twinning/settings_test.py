"""The settings of the tests: the real ones, with an own folder under the system's temporary one, fast passwords and tasks run at once.

Which database and cache are used comes from DATABASE_URL and REDIS_URL as ever, so the same tests run on SQLite and on PostgreSQL with Redis.
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

_folder = tempfile.mkdtemp(prefix="twinning-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(VAR_DIR=_folder, DEBUG="0", HTTPS="0", EMAIL_URL="", DEMO="0", OIDC_PROVIDERS="")
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-alone-which-is-long-enough-for-the-check-of-its-length")

if os.environ.get("REDIS_URL"):
    # The tests empty their cache: one Redis database of their own for each worker of pytest, never the one that is named.
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{1 + _worker % 7}").geturl()

from twinning.settings import *  # noqa: E402 the environment above must be set before the settings are read

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # else every test client reads the whole folder of static files again
STATIC_ROOT.mkdir()  # WhiteNoise warns of a missing folder, and warnings are errors here
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
if not env("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A test's data need not outlive a power cut.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c synchronous_commit=off")
    if os.environ.get("MIGRATED_POSTGRES"):  # `manage.py test` migrates once; each worker's database begins as a copy
        DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["MIGRATED_POSTGRES"]}
