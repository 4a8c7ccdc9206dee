"""All that a plugin may import: one stable façade. What is not here may change without notice."""

from hemicycle.contributions.bulk import Added, add_many
from hemicycle.contributions.graphql import Contribution, ContributionFilter, ContributionOrder
from hemicycle.contributions.kinds import Channel
from hemicycle.contributions.models import ContributionRow, FollowRow
from hemicycle.contributions.origins import Author, authors_of, keep_origins, known_by_origin
from hemicycle.contributions.records import Record
from hemicycle.contributions.rules import contribute
from hemicycle.contributions.rules import current as contribution_words
from hemicycle.kernel.access.actor import ANYONE, READ, READ_PUBLIC, SYSTEM, Actor
from hemicycle.kernel.access.criteria import Asked, check_criterion, describe_criterion, meets
from hemicycle.kernel.application import Application
from hemicycle.kernel.clock import new_id, secret_id
from hemicycle.kernel.db.dialect import VIEWER, chunks, table_of, table_under
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.db.types import Code, Json, Name, Utc, Words
from hemicycle.kernel.declarations import (
    Action,
    Check,
    Commands,
    ContributionKind,
    Criterion,
    Declared,
    Event,
    Example,
    Figure,
    Finding,
    Handler,
    Importer,
    Job,
    KeptApart,
    Occurrence,
    OpenData,
    PersonalData,
    Placed,
    PluginInfo,
    Role,
    Routes,
    Sample,
    Searchable,
    SpaceKind,
    Supportable,
    WayBack,
)
from hemicycle.kernel.errors import Problem, RefusalCode, Refused, StartupError, invalid
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.context import Context, Info
from hemicycle.kernel.graphql.declare import (
    ascending,
    column,
    computed,
    connection,
    count,
    descending,
    has_any,
    has_own,
    id_of,
    live,
    mapped,
    mutation,
    one,
    to_any,
    to_one,
    value,
    where,
)
from hemicycle.kernel.graphql.enums import EventName, Locale
from hemicycle.kernel.graphql.ids import Ref, decode_id, encode_id
from hemicycle.kernel.graphql.masking import masked
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.resolve import fetch, fetch_any
from hemicycle.kernel.graphql.roots import Mutation, Query, Subscription
from hemicycle.kernel.graphql.sources import Row
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.mail import Message
from hemicycle.kernel.outbound.client import Answer, Failure, Outbound, OutboundError
from hemicycle.kernel.plugins import Declarations
from hemicycle.kernel.search import index as search_index
from hemicycle.kernel.search.find import find
from hemicycle.kernel.search.words import stems
from hemicycle.kernel.search.words import words as search_words
from hemicycle.kernel.settings import Strict
from hemicycle.kernel.text import clean, clean_name, excerpt, html, plain
from hemicycle.participants.graphql import Participant, ParticipantFilter, ParticipantOrder
from hemicycle.participants.identity.letters import agreed_to_news, news_letter
from hemicycle.participants.identity.rules import address_of, holder_of
from hemicycle.participants.models import ParticipantRow
from hemicycle.participants.rules import new_participant, sort_key, speaks_for
from hemicycle.running import answer, console, opened, run
from hemicycle.spaces.graphql import Activity, ActivityOrder, Space, SpaceFilter, SpaceOrder
from hemicycle.spaces.models import SpaceRow, SpaceTree
from hemicycle.spaces.roles import grant as grant_role
from hemicycle.spaces.rules import archive as archive_space
from hemicycle.spaces.rules import check_space_state, create_as_it_was, create_closed
from hemicycle.spaces.tree import active, holds, readable, under

__all__ = [
    "ANYONE", "READ", "READ_PUBLIC", "SYSTEM", "Actor",
    "Application",
    "new_id", "secret_id",
    "VIEWER", "chunks", "table_of", "table_under",
    "Session",
    "Code", "Json", "Name", "Utc", "Words",
    "Action", "Check", "Commands", "ContributionKind", "Criterion", "Declared", "Event", "Example", "Figure", "Finding",
    "Handler", "Importer", "Job", "KeptApart", "Occurrence", "OpenData", "PersonalData", "Placed", "PluginInfo", "Role",
    "Routes", "Sample", "Searchable", "SpaceKind", "Supportable", "WayBack",
    "Problem", "Refused", "RefusalCode", "StartupError", "invalid",
    "Context", "EventName", "Info", "Locale", "masked",
    "ascending", "column", "computed", "connection", "count", "descending", "has_any", "has_own", "id_of", "live",
    "mapped", "mutation", "one", "to_any", "to_one", "value", "where",
    "Ref", "decode_id", "encode_id",
    "SchemaPart",
    "fetch", "fetch_any",
    "Mutation", "Query", "Subscription",
    "Row",
    "Connection", "Node",
    "hookimpl",
    "Answer", "Failure", "Outbound", "OutboundError",
    "Declarations",
    "find", "search_index", "search_words", "stems",
    "Strict",
    "clean", "clean_name", "excerpt", "html", "plain",
    "Participant", "ParticipantFilter", "ParticipantOrder", "ParticipantRow", "new_participant", "sort_key",
    "address_of", "holder_of", "speaks_for",
    "Asked", "check_criterion", "describe_criterion", "meets",
    "Activity", "ActivityOrder", "JournalRow",
    "Message", "agreed_to_news", "news_letter",
    "Space", "SpaceFilter", "SpaceOrder", "SpaceRow", "SpaceTree", "active", "holds", "archive_space",
    "check_space_state", "create_as_it_was", "create_closed", "grant_role",
    "readable", "under",
    "Channel", "Contribution", "ContributionFilter", "ContributionOrder", "ContributionRow", "FollowRow", "contribute",
    "contribution_words",
    "Added", "Author", "Record", "add_many", "authors_of", "keep_origins", "known_by_origin",
    "answer", "console", "opened", "run",
]  # fmt: skip
