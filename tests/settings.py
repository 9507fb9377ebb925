"""The product's settings for the tests: a data folder of their own, and nothing from the developer's environment.

Only `DATABASE_URL` is heeded, so that the same tests run on SQLite and on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_ambient = (
    "ALLOWED_HOSTS CELERY_TASK_ALWAYS_EAGER CSRF_TRUSTED_ORIGINS DEBUG DEFAULT_FROM_EMAIL EMAIL_URL HSTS_SECONDS "
    "JOB_STALE_SECONDS JOB_SWEEP_SECONDS LOG_LEVEL OPERATOR_EMAILS REDIS_URL SECRET_KEY_FALLBACKS SECURITY_CONTACT "
    "SERVER_EMAIL SITE_URL TRUSTED_PROXY_COUNT"
)
for _name in _ambient.split():
    os.environ.pop(_name, None)

_data_dir = Path(tempfile.mkdtemp(prefix="kundeservice-tests-"))
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = str(_data_dir)
os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789" * 5
# Playwright runs an event loop in the test's own thread, which Django would otherwise take for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from kundeservice.settings import *  # noqa: E402, F403

# A file, as in production: a database in memory locks quite differently.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
if USES_EMBEDDED_DATABASE:  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_data_dir / "test.sqlite3")}  # noqa: F405

# Every test starts with empty rate limits (see conftest); the cache table is no model, so no test would empty it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# Jobs run where they are ordered, after commit; tests of real workers start real processes.
CELERY_TASK_ALWAYS_EAGER = True
