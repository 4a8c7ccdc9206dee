"""The web application: GraphQL over HTTP, websockets and event streams, and what guards them."""
