"""An outside judge: the 61 audits of GraphQL over HTTP (npm package graphql-http)."""

import json

import pytest

from tests.judges.conftest import Judged, Node, on_sqlite

pytestmark = pytest.mark.judge


@on_sqlite
def test_every_audit_is_passed(node: Node, served: Judged) -> None:
    said = node.run("audits.mjs", served.url)
    audits = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(audits) == 61, said.stderr
    assert [one for one in audits if one["status"] != "ok"] == []
