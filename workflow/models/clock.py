"""The demo's own clock, and the signs of life of worker and beat."""

from django.db import models


class DemoClock(models.Model):
    """How far the demo's time stands off the real one; a single row, unknown to production."""

    offset_seconds = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.offset_seconds:+d} s"


class Heartbeat(models.Model):
    """When a process was last known to live, in real time."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
