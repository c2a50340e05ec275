"""What every refusal answers."""

from ninja import Schema


class Problem(Schema):
    """RFC 9457. Programs go by `code`; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
