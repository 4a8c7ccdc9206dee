"""From declarations to GraphQL: `declare` is what authors call, `compose` makes one schema, `resolve` answers."""
