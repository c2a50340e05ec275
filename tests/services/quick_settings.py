"""The application's settings with a beat that tests can wait for."""

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE

for _tick in CELERY_BEAT_SCHEDULE.values():
    _tick["schedule"] = 1.0
