"""The outside world of a test: what each address answers, and what was asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hemicycle.kernel.outbound.client import MOST, SECONDS, Answer, Failure, OutboundError, checked


@dataclass(frozen=True)
class Asked:
    """A request that left the instance."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Outside:
    """An outbound client that leaves no machine: `outside.answers["https://…"] = Answer(200, {}, b"…", "https://…")`.

    An address may have a list of answers, given one after the other; the last one stays. One that is not known does
    not exist (UNKNOWN_HOST).
    """

    answers: dict[str, Answer | OutboundError | list[Answer | OutboundError]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def check(self, url: str) -> None:
        checked(url, ())

    async def get(
        self, url: str, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        return self._answer(Asked("GET", url, dict(headers)), most)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        return self._answer(Asked("POST", url, dict(headers), body), most)

    def _answer(self, asked: Asked, most: int) -> Answer:
        self.asked.append(asked)
        found = self.answers.get(asked.url, OutboundError(Failure.UNKNOWN_HOST, f"{asked.url}: no such host"))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, OutboundError):
            raise found
        if len(found.body) > most:
            raise OutboundError(Failure.TOO_BIG, f"the answer has more than {most} bytes")
        return found
