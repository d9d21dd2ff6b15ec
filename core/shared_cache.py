"""The cache that all workers share where a Redis is named; while that Redis is silent, the database's table is.

Limits on signing in are counted here. Without an answer one could let everybody try, or nobody in: both are what
somebody who can trouble a Redis would like. So counting goes on in the table. The counts of the two are not brought
together: whoever guesses gets, once for each time the Redis goes and comes, as many attempts again.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for a connection, and for an answer
LEFT_ALONE = 30.0  # seconds for which a silent Redis is not asked again, by this process


class _Redis:
    """When this process asks its Redis again: one for all its threads, each of which has a cache of its own."""

    ask_again_at = 0.0


def _either(name: str) -> Callable[..., Any]:
    """The method `name` of a cache: that of the Redis, or where it does not answer, that of the table."""

    def method(self: "RedisOrTable", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _Redis.ask_again_at:
            try:
                return getattr(self.redis, name)(*args, **kwargs)
            except RedisError as error:
                _Redis.ask_again_at = time.monotonic() + LEFT_ALONE
                # Its words would name the machine.
                logger.error(
                    "Redis does not answer (%s); for %d s the database counts.", type(error).__name__, LEFT_ALONE
                )
        return getattr(self.table, name)(*args, **kwargs)

    method.__name__ = name
    return method


class RedisOrTable(BaseCache):
    """`LOCATION` is the address of the Redis; the options `TABLE` and `MAX_ENTRIES` are the table's.

    Raises what the database raises where neither answers.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params.get("OPTIONS", {}))
        table = options.pop("TABLE")
        most = options.pop("MAX_ENTRIES")
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 1),  # once: a connection that was kept may have been closed over there
            **options,
        }
        self.redis = RedisCache(location, {**params, "OPTIONS": options})
        self.table = DatabaseCache(table, {**params, "OPTIONS": {"MAX_ENTRIES": most}})

    add = _either("add")
    get = _either("get")
    set = _either("set")
    touch = _either("touch")
    delete = _either("delete")
    get_many = _either("get_many")
    has_key = _either("has_key")
    incr = _either("incr")
    set_many = _either("set_many")
    delete_many = _either("delete_many")
    clear = _either("clear")
