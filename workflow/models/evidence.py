"""佐证材料: Evidence has the rights, Blob has the bytes."""

from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.part import Part
from workflow.models.sub_item import Responsibility, SubItem
from workflow.models.submission import Submission
from workflow.states import PartStatus

if TYPE_CHECKING:
    from accounts.actor import Actor


class BlobManager(models.Manager["Blob"]):
    def keep_once(self, *, sha256: str, size: int, kind: str, name: str) -> "Blob":
        """The blob of these bytes: the one there is, else a new one under `name`; one statement."""
        with connection.cursor() as cursor:
            cursor.execute(KEEP_ONCE, [sha256, size, kind, name])
            key, kind, name = cursor.fetchone()
        return Blob(pk=key, sha256=sha256, size=size, kind=kind, name=name)

    def keep(
        self, *, sha256: str, size: int, kind: str, name: str, item: SubItem, part: Part | None, at_most: int
    ) -> "Blob | None":
        """The blob of these bytes: the one there is, else a new one under `name`.

        None, and nothing written, where `at_most` files stand in this round already, on the item itself or on that
        part of it. One statement, so that two uploads of the same bytes at once end with one blob; wants the item
        locked.
        """
        within = [item.pk, item.round_no, part.pk if part else 0]
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [sha256, size, kind, name, *within, at_most])
            rows = cursor.fetchall()
        return Blob(pk=rows[0][0], sha256=sha256, size=size, kind=rows[0][1], name=rows[0][2]) if rows else None


KEEP = """
    INSERT INTO workflow_blob (sha256, size, kind, name)
    SELECT %s, %s, %s, %s
    WHERE (SELECT count(*) FROM workflow_evidence
           WHERE item_id = %s AND round_no = %s AND coalesce(part_id, 0) = %s AND removed_at IS NULL) < %s
    ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256
    RETURNING id, kind, name
"""


KEEP_ONCE = """
    INSERT INTO workflow_blob (sha256, size, kind, name) VALUES (%s, %s, %s, %s)
    ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256
    RETURNING id, kind, name
"""


class Blob(models.Model):
    """The bytes of a file, stored once under a random name; nobody learns from it what others handed in."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8)  # what the bytes are: pdf, docx, xlsx, pptx, jpg, png, ofd, txt, csv
    name = models.CharField(max_length=64, unique=True)  # below EVIDENCE_DIR, see evidence_files.store

    objects = BlobManager()

    def __str__(self) -> str:
        return self.sha256[:12]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, actor: "Actor") -> "EvidenceQuerySet":
        """Whose files one may open (domain: who sees what); always fewer than the items one may know of.

        Whoever sees the item whole: all of it. Supports: those of their own part. What was taken back before it was
        ever handed in is opened by nobody; the journal keeps its name and hash.
        """
        handed_in = Submission.objects.filter(evidence=OuterRef("pk")).exclude(status=Submission.Status.DRAFT)
        rows = self.filter(Q(removed_at=None) | Exists(handed_in))
        if actor.is_system:
            return rows
        duties = Responsibility.objects.filter(item=OuterRef("item"), unit__in=actor.unit_ids)
        whole = SubItem.objects.seen_whole_by(actor).values("pk")
        return rows.filter(Q(item__in=whole) | Q(Exists(duties), unit__in=actor.unit_ids))

    def standing(self) -> "EvidenceQuerySet":
        """What goes with the next submission: not taken back by the unit, and of a support's part once it is accepted.

        What was handed in once stays in its submission.
        """
        return self.filter(Q(part=None) | Q(part__status=PartStatus.ACCEPTED), removed_at=None)


class Evidence(models.Model):
    """A file handed to an item in a round."""

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="evidence")
    round_no = models.PositiveSmallIntegerField()
    part = models.ForeignKey(Part, models.PROTECT, related_name="evidence", null=True)  # of a support, else of the lead
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="evidence")
    filename = models.CharField(_("文件名"), max_length=200)
    caption = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename
