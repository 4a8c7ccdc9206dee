"""How often someone may do something, counted in this process."""

import math
from collections import OrderedDict
from datetime import timedelta

from hemicycle.kernel.clock import Clock

MOST = 100_000  # keys; beyond, the ones that were quiet for longest are forgotten


class RateLimits:
    """A bucket per key, which refills evenly: a burst of `limit`, then `limit` per `period`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()  # when all that was taken is forgotten

    def allow(self, key: str, limit: int, period: timedelta, times: int = 1) -> bool:
        """Whether it may be done now; if so, it is counted."""
        return not self.wait(key, limit, period, times)

    def wait(self, key: str, limit: int, period: timedelta, times: int = 1) -> int:
        """0 if it may be done now, and it is counted; otherwise how many seconds to wait, and it is not."""
        now, whole = self._clock.now().timestamp(), period.total_seconds()
        taken = min(max(self._empty_at.get(key, now), now), now + whole)  # a clock that is set back locks nobody out
        after = taken + times * whole / limit
        if (over := after - now - whole) > 1e-6:
            return max(1, math.ceil(over))
        self._empty_at[key] = after
        self._empty_at.move_to_end(key)
        while len(self._empty_at) > MOST:
            self._empty_at.popitem(last=False)
        return 0
