"""What happened: the journal keeps it, jobs deliver it to handlers, the broadcast tells whoever listens now."""
