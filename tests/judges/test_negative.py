"""The 24 negative tests, each after an advisory of another project: which of our tests is it, or why there is none.

The numbers are those of the review of advisories that this project began with; the tests themselves stand where what
they try is tested. What is listed here exists, or this fails.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
HTTP, SOCKET, LIMITS = "kernel/http/test_graphql.py", "kernel/http/test_websocket.py", "kernel/graphql/test_limits.py"
PROBES, OUTBOUND = "kernel/http/test_probes.py", "kernel/outbound/test_client.py"
MATRIX = "authorisation/test_types.py"

NEGATIVE: dict[int, list[str]] = {
    # an id of another type at every place that takes one (CVE-2022-39275)
    1: ["authorisation/test_foreign_ids.py::test_an_id_of_something_else_is_never_taken"],
    # ids and tokens of another instance (CVE-2026-45414)
    2: ["participants/identity/test_tokens.py::test_secrets_of_another_instance_are_refused"],
    # a root field that leads to anything, asked by anyone (CVE-2026-40870)
    3: [
        f"{MATRIX}::test_node_shows_a_row_to_whom_it_is_written",
        f"{MATRIX}::test_nodes_shows_the_same",
        f"{MATRIX}::test_search_finds_the_same",
    ],
    # a change of many is a change of each (CVE-2022-46792)
    4: [
        "plugins/outcomes/test_batches.py::test_nobody_reviews_their_own_in_a_batch_either",
        "contributions/test_bulk.py::test_it_takes_the_right_to_record",
    ],
    # websockets: nothing before they begin, no older protocol, no flood, no way around the guards (CVE-2026-35523 …)
    5: [f"{SOCKET}::test_nothing_is_answered_before_init"],
    6: [f"{SOCKET}::test_another_subprotocol_is_closed"],
    7: [f"{SOCKET}::test_operations_at_once_are_bounded"],
    8: [
        f"{SOCKET}::test_each_operation_is_counted",
        f"{SOCKET}::test_a_page_of_another_site_does_not_connect",
        f"{PROBES}::test_what_guards_one_address_guards_all_ways_in",
    ],
    # what browsers send by themselves: forms, texts, GET (CVE-2024-47082); many at once (CVE-2026-33756)
    9: [f"{HTTP}::test_only_json_in_utf8_is_read", f"{HTTP}::test_get_changes_nothing", f"{PROBES}::test_forms"],
    10: [f"{PROBES}::test_batches"],
    # documents that cost (CVE-2026-47707, CVE-2026-47706, overlapping fields, CVE-2023-49559)
    11: [f"{LIMITS}::test_aliases_count_as_often_as_their_fragment_is_used"],
    12: [f"{LIMITS}::test_circles_of_fragments"],
    13: [f"{LIMITS}::test_overlapping_fields_never_reach_validation"],
    14: [f"{LIMITS}::test_directives_in_all"],
    # requests that cost, or lie (CVE-2025-62727, CVE-2023-30798, CVE-2026-48710)
    15: [f"{PROBES}::test_ranges_are_not_served"],
    16: [
        f"{PROBES}::test_many_parts_are_not_read",
        "judges/test_hostile_bytes.py::test_hostile_bytes_are_refused_and_the_next_is_answered",
    ],
    17: ["kernel/http/test_asgi.py::test_a_host_is_never_a_path"],
    # fifty at once are one (CVE-2023-47634)
    18: [
        "plugins/votes/test_once.py::test_one_person_counts_once",
        "plugins/votes/polls/test_once.py::test_fifty_at_once_are_one",
    ],
    # keys that do one thing, for one person (Loomio, CVE-2026-35407)
    20: ["participants/identity/test_letters.py::test_it_can_do_nothing_but_end_mail"],
    21: ["participants/identity/test_account.py::test_another_account_cannot_use_the_code"],
    # results before their time, by nine ways (Loomio)
    22: ["plugins/votes/polls/test_silence.py::test_nothing_is_told_before_it_closes"],
    # words of a request in ORDER BY (CVE-2026-45376)
    23: [f"{PROBES}::test_orders_are_names_of_ours"],
    # requests to inside (CVE-2026-45573, Loomio)
    24: [
        f"{OUTBOUND}::test_no_address_reaches_this_machine",
        f"{OUTBOUND}::test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to",
        f"{OUTBOUND}::test_a_redirect_to_a_private_address_is_refused",
        f"{OUTBOUND}::test_a_redirect_to_a_name_that_leads_inside_is_refused",
    ],
}
NOT_HERE = {19: "personal data are exported as the answer to exportMe: there is no link that another person could use"}


def test_each_of_them_is_somewhere() -> None:
    assert NEGATIVE.keys() | NOT_HERE.keys() == set(range(1, 25))
    assert not NEGATIVE.keys() & NOT_HERE.keys()


@pytest.mark.parametrize("number", NEGATIVE)
def test_what_is_listed_exists(number: int) -> None:
    for one in NEGATIVE[number]:
        path, _, name = one.partition("::")
        defined = ast.parse((TESTS / path).read_text("utf-8")).body
        functions = {node.name for node in defined if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in functions, one
