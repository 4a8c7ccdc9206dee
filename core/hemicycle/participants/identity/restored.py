"""After a backup was restored: who went stays gone, and nobody is signed in by what may have ended since."""

from sqlalchemy import delete

from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.privacy import erasures
from hemicycle.participants.identity.account import erase_person
from hemicycle.participants.identity.models import SessionRow, SignInLinkRow, TokenRow


async def settle(app: Application) -> dict[str, int]:
    """Erase again who was erased, and end every session, token and link: one that was taken back must not work again.

    Links to end mail stay: they are in letters that people have.
    """
    told = {"people erased again": await erasures.replay(app, erase_person)}
    for kind, what in ((SessionRow, "sessions ended"), (TokenRow, "API tokens ended"), (SignInLinkRow, "links ended")):
        table = table_of(kind)
        async with app.write() as session:
            told[what] = len((await session.execute(delete(table).returning(table.c.id))).all())
    return told
