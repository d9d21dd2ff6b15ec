"""The cache that all workers share: Redis if it is configured, and a database table while Redis does not respond.

Attempts to sign in are counted in this cache. If Redis fails and nothing is counted, either attempts are unlimited or
nobody can sign in, and both would serve an attacker who can disturb Redis. Counting therefore continues in the table.
The two counts are not merged: each time Redis fails or returns, an attacker gets the allowed number of attempts once
more.
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

TIMEOUT = 1.0  # seconds, for connecting and for each response
RETRY_PAUSE = 30.0  # seconds until this process tries Redis again after a failure


class _Redis:
    """The time, in monotonic seconds, from which this process tries Redis again.

    It is shared by the threads of the process, because each thread has its own cache object.
    """

    ask_again_at = 0.0


def _either(name: str) -> Callable[..., Any]:
    """Return a method that calls `name` of the Redis cache, or of the table while Redis does not respond."""

    def method(self: "RedisOrTable", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _Redis.ask_again_at:
            try:
                return getattr(self.redis, name)(*args, **kwargs)
            except RedisError as error:
                _Redis.ask_again_at = time.monotonic() + RETRY_PAUSE
                # The type only, because the message of the error contains the host name.
                logger.error(
                    "Redis does not answer (%s); attempts are counted in the database for %d s.",
                    type(error).__name__,
                    RETRY_PAUSE,
                )
        return getattr(self.table, name)(*args, **kwargs)

    method.__name__ = name
    return method


class RedisOrTable(BaseCache):
    """A cache backend that uses Redis, and a database table while Redis does not respond.

    `LOCATION` is the URL of Redis; the options `TABLE` and `MAX_ENTRIES` belong to the table. If neither responds, the
    exceptions of the database are raised.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params.get("OPTIONS", {}))
        table = options.pop("TABLE")
        most = options.pop("MAX_ENTRIES")
        options = {
            "socket_connect_timeout": TIMEOUT,
            "socket_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 1),  # one retry, because the server may have closed an idle connection
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
