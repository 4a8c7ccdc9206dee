"""How long a lottery may look for something better."""

from time import monotonic


class Limit:
    """Seconds from now on; None: as long as it takes. What stops early says so, for it depends on the machine."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._ends = None if seconds is None else monotonic() + seconds

    @property
    def passed(self) -> bool:
        return self._ends is not None and monotonic() >= self._ends

    def left(self, at_least: float) -> float | None:
        """Seconds for one more search; None: no limit."""
        return None if self._ends is None else max(at_least, self._ends - monotonic())
