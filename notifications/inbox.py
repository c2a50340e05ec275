"""What a person finds in 消息: their own messages and nobody else's."""

from datetime import datetime

from notifications.models import Message, MessageQuerySet


def messages_of(user_id: int | None) -> MessageQuerySet:
    """Newest first; to be cut into pages by the caller."""
    return Message.objects.filter(recipient_id=user_id).order_by("-at", "-pk")


def unread_count(user_id: int) -> int:
    return messages_of(user_id).unread().count()


def mark_read(message_id: int, user_id: int, now: datetime) -> Message:
    """Mark one message read, if it was not; returns it, for its link. Raises LookupError if it is not theirs."""
    message = messages_of(user_id).filter(pk=message_id).first()
    if message is None:
        raise LookupError(message_id)
    if message.read_at is None:
        message.read_at = now
        messages_of(user_id).unread().filter(pk=message_id).update(read_at=now)
    return message


def mark_all_read(user_id: int, now: datetime) -> int:
    """Mark everything read; returns how many were not."""
    return messages_of(user_id).unread().update(read_at=now)


def unread_of_kind(user_id: int | None, kind: str, most: int = 8) -> list[Message]:
    """The newest unread messages of one kind."""
    return list(messages_of(user_id).unread().filter(kind=kind)[:most])
