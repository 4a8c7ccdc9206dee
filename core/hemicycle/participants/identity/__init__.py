"""Who stands behind a participant: kept apart from the public profile."""
