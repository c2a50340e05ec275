"""The frame of every write: one short transaction; refusals are decided inside it and raised after it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from workflow.errors import WorkflowError

P = ParamSpec("P")
T = TypeVar("T")


def one_commit(action: Callable[P, T]) -> Callable[P, T]:
    """Run an action as one durable transaction.

    An action refuses before it writes, so a refused transaction is empty and may commit: an exception passing
    through `atomic` would make psycopg drop its prepared statements and slow down the moves that succeed.
    """

    @wraps(action)
    def committed(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(durable=True):
            try:
                return action(*args, **kwargs)
            except WorkflowError as error:
                refusal = error
        raise refusal

    return committed
