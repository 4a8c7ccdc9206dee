"""What one module adds to the schema."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SchemaPart:
    """extend: type, input or enum -> the class whose members join it. types: the types that the module owns.

    enums: enum -> {name: description}, for enums whose members are declared elsewhere, as kinds are.
    """

    extend: dict[type, type] = field(default_factory=dict)
    types: tuple[type, ...] = ()
    enums: dict[type, dict[str, str]] = field(default_factory=dict)
