"""Every module keeps what the conformance kit asks, the core's own as well as the bundled plugins."""

from typing import Any

import pytest

from hemicycle.testing.conformance import Conformance


class TestParticipants(Conformance):
    plugin = "participants"


class TestIdentity(Conformance):
    plugin = "identity"


class TestSpaces(Conformance):
    plugin = "spaces"


class TestContributions(Conformance):
    plugin = "contributions"


class TestVotes(Conformance):
    plugin = "votes"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["votes"]}


class TestExchange(Conformance):
    plugin = "exchange"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["exchange"]}


class TestOutcomes(Conformance):
    plugin = "outcomes"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["outcomes"]}


class TestPanels(Conformance):
    plugin = "panels"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["panels"]}


class TestYouTube(Conformance):
    plugin = "youtube"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["youtube"]}


class TestTerritories(Conformance):
    plugin = "territories"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["territories"]}


class TestWebhooks(Conformance):
    plugin = "webhooks"

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"plugins": ["webhooks"]}
