"""Who has which action here: the declared defaults, with what the instance's settings change, checked at start."""

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from hemicycle.kernel.declarations import Action, Criterion, Role
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import Declarations
from hemicycle.kernel.settings import Settings


def chosen(declared: Declarations, settings: Settings) -> dict[str, Action]:
    """Every action as it holds in this instance. StartupError names what does not fit together."""
    actions: dict[str, Action] = dict(declared[Action])
    problems = []
    for name, said in settings.actions.items():
        if name not in actions:
            problems.append(f"settings: actions: there is no action {name!r}; there are: {', '.join(sorted(actions))}")
            continue
        roles = actions[name].roles if said.roles is None else said.roles
        criteria = list(actions[name].criteria)
        if said.criteria is not None:
            criteria = [
                (str(one.get("name")), {key: it for key, it in one.items() if key != "name"}) for one in said.criteria
            ]
        actions[name] = replace(actions[name], roles=tuple(roles), criteria=tuple(criteria))
    for action in actions.values():
        problems += _problems(action, declared)
    for role in declared[Role].values():
        for name in (*role.includes, *role.granted_by):
            if name not in declared[Role]:
                problems.append(
                    f"{declared.owner_of(role)}: the role {role.name} names the role {name!r}, which nobody declares"
                )
    if problems:
        raise StartupError("\n".join(problems))
    return actions


def _problems(action: Action, declared: Declarations) -> Iterator[str]:
    roles, criteria = declared[Role], declared[Criterion]
    where = f"{declared.owner_of(action)}: the action {action.name}"
    for role in action.roles:
        if role not in roles:
            yield f"{where}: there is no role {role!r}; there are: {', '.join(sorted(roles))}"
    for name, parameters in action.criteria:
        if name not in criteria:
            yield f"{where}: there is no criterion {name!r}; there are: {', '.join(sorted(criteria)) or 'none'}"
            continue
        kind = criteria[name].parameters
        try:
            if kind is not None:
                kind(**parameters)
            elif parameters:
                yield f"{where}: the criterion {name} takes no parameters: remove {', '.join(parameters)}"
        except ValidationError as error:
            yield f"{where}: criterion {name}: {error}"
