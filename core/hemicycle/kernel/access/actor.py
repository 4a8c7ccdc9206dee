"""Who asks: a participant, a token with scopes, nobody yet, or the instance itself."""

from dataclasses import dataclass
from uuid import UUID

READ_PUBLIC = "read:public"
READ = "read"
WRITE = "write"


@dataclass(frozen=True)
class Actor:
    """Who asks. `scopes` is None for a person; a token has the ones it was given.

    Scopes: `read:public` (what everyone sees), `read` (what its owner sees), `write` (all that its owner may do),
    or the name of one action, as `contribution.contribute`.
    """

    id: UUID | None = None
    scopes: frozenset[str] | None = None
    session: UUID | None = None
    system: bool = False

    @property
    def viewer(self) -> UUID | None:
        """The participant whose sight it has."""
        return self.id if self.scopes is None or self.scopes - {READ_PUBLIC} else None

    def has_scope(self, action: str) -> bool:
        return self.scopes is None or WRITE in self.scopes or action in self.scopes


ANYONE = Actor()
SYSTEM = Actor(system=True)
"""The instance itself: a timer, an import, a command of its administrator. It passes every permission, no state."""
