"""Fixtures of the suite: the ones that plugin authors get."""

from hemicycle.testing.fixtures import *  # noqa: F403
