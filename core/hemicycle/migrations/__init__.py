"""The core's own line of migrations, and the `env.py` that runs every owner's."""
