"""Rule packs and calendars as immutable rows. Their key is the digest of what they say, so they cache for ever."""

import hashlib
import json
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from workflow.calendar import WorkCalendar
from workflow.rule_pack import RulePack


def digest_of(*parts: Any) -> str:
    said = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


class RulePackVersion(models.Model):
    """A version of a region's rules; a change is a new row, and what was raised keeps the row it was raised by."""

    digest = models.CharField(max_length=64, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="rule_packs", verbose_name=_("地区"))
    content = models.JSONField(_("规则"))
    valid_from = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("规则版本")

    def __str__(self) -> str:
        return f"{self.content['name']} {self.content['version']}"

    @classmethod
    def store(cls, region: Region, content: dict[str, Any], valid_from: Any) -> "RulePackVersion":
        """Keep a pack; the same one again gives the same row. Raises ValueError on a pack that makes no sense."""
        RulePack.from_json(content)
        key = digest_of(region.code, content)
        row, _created = cls.objects.get_or_create(
            digest=key, defaults={"region": region, "content": content, "valid_from": valid_from}
        )
        return row


class CalendarVersion(models.Model):
    """The exceptions to Monday–Friday, as [day, kind, name] rows in order of day."""

    digest = models.CharField(max_length=64, primary_key=True)
    days = models.JSONField(_("日期"))
    stored_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("工作日历")

    def __str__(self) -> str:
        return f"{self.days[0][0]} – {self.days[-1][0]}" if self.days else "—"

    @classmethod
    def store(cls, days: list[list[str]], stored_at: Any) -> "CalendarVersion":
        row, _created = cls.objects.get_or_create(
            digest=digest_of(days), defaults={"days": days, "stored_at": stored_at}
        )
        return row


class Rules(NamedTuple):
    """The pack and the calendar a plan runs by."""

    pack: RulePack
    calendar: WorkCalendar


@lru_cache(maxsize=64)
def rule_pack(digest: str) -> RulePack:
    return RulePack.from_json(RulePackVersion.objects.get(pk=digest).content)


@lru_cache(maxsize=16)
def work_calendar(digest: str) -> WorkCalendar:
    days = CalendarVersion.objects.get(pk=digest).days
    return WorkCalendar.from_rows((date.fromisoformat(day), kind) for day, kind, _name in days)
