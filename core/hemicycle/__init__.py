"""hemicycle: a minimal core of participants, spaces and contributions, and plugins that add everything else."""

__version__ = "0.1.0"
