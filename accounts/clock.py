"""What day it is for people at work. The project says by which clock (settings.CLOCK): the demo has one of its own."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


def today() -> date:
    return timezone.localdate(import_string(settings.CLOCK)())
