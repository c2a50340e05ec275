"""会签: a co-lead signs the draft and the evidence as they stand, before the main lead hands them in (rule 6)."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.submission import Submission

STANDING = ("requested", "signed")
VOID = """
    UPDATE workflow_countersignature SET status = 'void'
    WHERE status IN (%s) AND submission_id IN
        (SELECT id FROM workflow_submission WHERE item_id = %%s AND status = 'draft')
    AND unit_id NOT IN (%s)
    RETURNING id, unit_id, (SELECT name FROM accounts_unit WHERE accounts_unit.id = unit_id)
"""


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


class CountersignatureQuerySet(models.QuerySet["Countersignature"]):
    def standing(self) -> "CountersignatureQuerySet":
        """Asked for or given, and not overtaken."""
        return self.filter(status__in=STANDING)

    def of_draft(self, item: int | OuterRef) -> "CountersignatureQuerySet":
        """Those of what an item has not handed in yet."""
        return self.filter(submission__item=item, submission__status=Submission.Status.DRAFT)

    def void(self, item_id: int, keeping: Collection[int] = (), statuses: Sequence[str] = STANDING) -> list[Any]:
        """End what stands on the draft of an item, but for these units; (unit, name) of each, in order. One statement.

        Wants the item locked.
        """
        keep = [0, *keeping]
        with connection.cursor() as cursor:
            cursor.execute(VOID % (_marks(statuses), _marks(keep)), [*statuses, item_id, *keep])
            return [(unit, name) for _id, unit, name in sorted(cursor.fetchall())]

    def last_of_unit(self) -> "CountersignatureQuerySet":
        """A unit asked again has several for one draft; the last one counts."""
        same = Countersignature.objects.filter(submission=OuterRef("submission"), unit=OuterRef("unit"))
        return self.filter(~models.Exists(same.filter(pk__gt=OuterRef("pk"))))


class Countersignature(models.Model):
    """Requested → signed or refused; void when text or evidence changed, or the unit no longer leads.

    Written by actions.countersigning, and ended by the writes it is moot for. Whom the item waits for its own row
    tells (SubItem.unsigned).
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("待签")
        SIGNED = "signed", _("已签")
        REFUSED = "refused", _("不同意")
        VOID = "void", _("作废")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="countersignatures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.REQUESTED)
    requested_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # who signed or refused
    at = models.DateTimeField(null=True)
    opinion = models.TextField(_("会签意见"), blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of what was signed, see `digest_of`

    objects = CountersignatureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("会签")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "unit"],
                condition=Q(status__in=STANDING),
                name="one_standing_countersignature_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(status="requested", by=None, at=None, digest="")
                | Q(status="signed", by__isnull=False, at__isnull=False) & ~Q(digest="")
                | Q(status="refused", by__isnull=False, at__isnull=False, digest="") & ~Q(opinion="")
                | Q(status="void"),
                name="countersignature_says_who_and_what",
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], condition=Q(status="requested"), name="countersignature_awaited"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.unit_id} {self.status}"

    @property
    def is_requested(self) -> bool:
        return self.status == self.Status.REQUESTED

    @property
    def is_signed(self) -> bool:
        return self.status == self.Status.SIGNED


def digest_of(summary: str, sha256s: Iterable[str], criteria: Sequence[Any] = (), answers: Any = None) -> str:
    """SHA-256 of what a signature is for: the words of the draft and the files of the round, whatever their order.

    Where criteria are in force, of them and of what is answered to each as well.
    """
    measured = [list(criteria), answers] if criteria else []
    whole = [summary, sorted(sha256s), *measured]
    said = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
