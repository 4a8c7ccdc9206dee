<%!
    def body(code):
        """Without the remarks of Alembic around it."""
        lines = [line for line in code.rstrip().splitlines() if not line.lstrip().startswith("# ###")]
        return "\n".join(lines).strip() or "pass"

    def quoted(name):
        return f'"{name}"' if name else None
%>\
"""${message}"""

% if "sa." in (upgrades or "") + (downgrades or ""):
import sqlalchemy as sa
% endif
% if "op." in (upgrades or "") + (downgrades or ""):
from alembic import op
% endif
${imports if imports else ""}
revision = ${quoted(up_revision)}
down_revision = ${quoted(down_revision)}


def upgrade() -> None:
    ${body(upgrades or "")}


def downgrade() -> None:
    ${body(downgrades or "")}
