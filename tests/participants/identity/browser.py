"""Someone in front of a browser: cookies that stay, mail that is read, links that are followed."""

import re
from dataclasses import dataclass, field
from typing import Any

from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.http.credentials import cookie_name
from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World

SELF = "query { viewer { id displayName state email consentContact } }"


@dataclass
class Browser:
    """One browser. `cookies` are what it keeps; `secret` is that of a session without cookies."""

    world: World
    address: str = "192.0.2.1"
    can_set_cookies: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    secret: str | None = None

    async def actor(self) -> Actor:
        """Who the instance takes it for. A secret that does not work fails the test."""
        secret = self.secret or self.cookies.get(cookie_name(self.world.app.settings))
        if secret is None:
            return ANYONE
        found = await identify(self.world, secret)
        assert found is not None, "the session works no longer"
        return found

    async def ask(self, document: str, **variables: Any) -> Any:
        """The data that a document answers; an error fails the test."""
        context = Context(
            self.world.app, await self.actor(), self.address, dict(self.cookies),
            can_set_cookies=self.can_set_cookies,
        )  # fmt: skip
        result = await self.world.app.schema.execute(document, variables, context_value=context)
        assert result.errors is None, [(one.message, one.original_error) for one in result.errors]
        for name, value in context.cookies.items():
            assert self.can_set_cookies
            if value is None:
                del self.cookies[name]
            else:
                self.cookies[name] = value
        return result.data

    async def change(self, mutation: str, answer: str = "", **given: Any) -> Any:
        """What a mutation answers: its fields, or `{"__typename", "code", "message", "problems"}`."""
        root: Any = self.world.app.schema._schema.mutation_type
        known = root.fields[mutation]
        head, call = "", mutation
        if "input" in known.args:
            head, call = f"($input: {known.args['input'].type})", f"{mutation}(input: $input)"
        more = f"... on {known.type.of_type.types[0].name} {{ {answer} }}" if answer else ""
        refused = "... on Refusal { code message } ... on InvalidInput { problems { path } }"
        document = f"mutation{head} {{ it: {call} {{ __typename {more} {refused} }} }}"
        return (await self.ask(document, **({"input": given} if head else {})))["it"]

    async def request(self, email: str = "ada@example.org", **given: Any) -> "Mail":
        """Ask for a link, and read the mail."""
        asked = await self.change("requestSignInLink", "requestKey expiresAt", email=email, **given)
        assert asked["__typename"] == "LinkRequested", asked
        return await read_mail(self.world, asked["requestKey"])

    async def sign_in(self, email: str = "ada@example.org", transport: str = "COOKIE") -> Any:
        """Sign in from the first step to the last; what `signIn` answered."""
        mail = await self.request(email, transport=transport)
        given = {"requestKey": mail.key} if mail.key else {}
        done = await self.change(
            "signIn", "secret expiresAt participant { id state displayName email }",
            token=mail.token, transport=transport, **given,
        )  # fmt: skip
        assert done["__typename"] == "SignedIn", done
        self.secret = done["secret"]
        return done

    async def myself(self) -> Any:
        """What it is told of whoever is signed in."""
        return (await self.ask(SELF))["viewer"]


@dataclass
class Mail:
    """A mail with a link or a code, and the key of whoever asked for it."""

    key: str | None
    token: str
    code: str
    text: str
    to: str


async def read_mail(world: World, key: str | None = None) -> Mail:
    """The last mail with a code that the worker has sent."""
    await run_due(world.app)
    found = [(one, code[1]) for one in world.letters.sent if (code := re.search(r": (\d{6})$", one.text, re.MULTILINE))]
    last, digits = found[-1]
    link = re.search(r"link=([\w-]+)", last.text)
    return Mail(key, link[1] if link else "", digits, last.text, last.to)


async def identify(world: World, secret: str) -> Actor | None:
    """Who the modules say stands behind a secret."""
    answers: list[Actor | None] = await world.app.plugins.tell("identify_actor", app=world.app, credential=secret)
    return next((one for one in answers if one is not None), None)
