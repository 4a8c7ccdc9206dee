"""The application: the core's modules and the enabled plugins, put together."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from hemicycle import contributions, participants, spaces
from hemicycle.kernel.application import Application
from hemicycle.kernel.clock import Clock
from hemicycle.kernel.mail import Mailer
from hemicycle.kernel.outbound.client import Outbound
from hemicycle.kernel.settings import Settings, load
from hemicycle.participants import identity

CORE: Sequence[ModuleType] = (participants, identity, spaces, contributions)


def build(
    settings: Settings | None = None,
    given: Sequence[Any] = (),
    *,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    outbound: Outbound | None = None,
) -> Application:
    """An application of these settings (those of `hemicycle.toml` and the environment, if none are given).

    given: plugins that are not installed, for tests. StartupError says what keeps it from starting.
    """
    return Application(settings or load(), CORE, given, clock=clock, mailer=mailer, outbound=outbound)
