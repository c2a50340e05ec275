"""The outbox: what happened and whom it concerns (Message), and what is sent out about it (Delivery)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user_id: int | None) -> "MessageQuerySet":
        return self.filter(recipient_id=user_id)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """One fact for one person: the inbox row, written in the commit of what it tells. `kind` names its template."""

    recipient = models.ForeignKey(User, models.CASCADE, related_name="messages", verbose_name=_("收件人"))
    kind = models.CharField(_("种类"), max_length=64)
    context = models.JSONField(_("内容"), default=dict)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    instant = models.BooleanField(_("立即发送"), default=False)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True)
    dedupe_key = models.CharField(max_length=160, unique=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-at", "-id"], name="message_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class Delivery(models.Model):
    """One letter to one person by one channel: a day's digest, or a single message that cannot wait.

    Claimed by a lease, sent outside any transaction, tried again with growing pauses, given up as dead.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("待发")
        SENT = "sent", _("已发")
        DEAD = "dead", _("放弃")

    recipient = models.ForeignKey(User, models.CASCADE, related_name="deliveries", verbose_name=_("收件人"))
    channel = models.CharField(_("渠道"), max_length=16)
    key = models.CharField(max_length=64)  # digest:2021-11-23 or instant:<message id>; one letter each
    messages: models.ManyToManyField = models.ManyToManyField(Message, related_name="deliveries")
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    try_at = models.DateTimeField(_("下次发送"))
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发送")
        constraints = [models.UniqueConstraint(fields=["recipient", "channel", "key"], name="delivery_once")]
        indexes = [models.Index(fields=["try_at"], condition=Q(status="pending"), name="delivery_queue")]

    def __str__(self) -> str:
        return f"{self.channel} {self.key} → {self.recipient_id}"
