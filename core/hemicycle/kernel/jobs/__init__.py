"""Work for later: one table with leases, used by deliveries of events, mail and timers."""
