"""The conformance kit: what every module must keep, checked on both databases.

In a plugin's tests, with a fixture `plugins` that enables it:

    from hemicycle.testing.conformance import Conformance

    class TestConformance(Conformance):
        plugin = "hello"

What fails says which type, field, filter, table or sample is at fault. The tests stand in the classes named below, by
what they look at.
"""

from hemicycle.testing.conformance.acts import Acts
from hemicycle.testing.conformance.names import Names
from hemicycle.testing.conformance.pages import Pages
from hemicycle.testing.conformance.people import People
from hemicycle.testing.conformance.sight import Sight
from hemicycle.testing.conformance.silence import Silence
from hemicycle.testing.conformance.tables import Tables


class Conformance(Names, Sight, Pages, Acts, Silence, People, Tables):
    """Derive from it, and say whose conformance is tested."""


__all__ = ["Conformance"]
