<%!
    def body(code):
        """Without the remarks of Alembic around it."""
        lines = [line for line in code.rstrip().splitlines() if not line.lstrip().startswith("# ###")]
        return "\n".join(lines).strip() or "pass"

    def head(imports, code):
        """What is imported: only what is used."""
        known = {"sa.": "import sqlalchemy as sa", "op.": "from alembic import op"}
        lines = [line for name, line in known.items() if name in code] + (imports or "").splitlines()
        return "\n".join(["", *lines, ""]) if lines else ""

    def quoted(name):
        return f'"{name}"' if name else None
%>\
"""${message}"""
${head(imports, (upgrades or "") + (downgrades or ""))}
revision = ${quoted(up_revision)}
down_revision = ${quoted(down_revision)}


def upgrade() -> None:
    ${body(upgrades or "")}


def downgrade() -> None:
    ${body(downgrades or "")}
