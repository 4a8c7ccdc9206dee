"""`/youtube/posters/ID`: the picture of an episode, from here."""

from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hemicycle.api import Application, decode_id
from hemicycle_youtube.models import PosterRow

SEEN = "query($id: ID!) { node(id: $id) { ... on Episode { id shownAt } } }"
HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}


async def poster(request: Request) -> Response:
    """The picture of an episode that everyone may see; 404 for any other."""
    app: Application = request.app.state.hemicycle
    found = decode_id(request.path_params["id"])
    if found is None or found.type != "Episode":
        return Response(status_code=404)
    seen = await app.execute(SEEN, id=request.path_params["id"])
    if seen.errors or not ((seen.data or {}).get("node") or {}).get("shownAt"):
        return Response(status_code=404)
    async with app.db.read() as connection:
        known = select(col(PosterRow.type), col(PosterRow.image)).where(col(PosterRow.episode_id) == found.key)
        row = (await connection.execute(known)).first()
    return Response(row.image, media_type=row.type, headers=HEADERS) if row else Response(status_code=404)


ROUTES = [Route("/posters/{id}", poster)]
