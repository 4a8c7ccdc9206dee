"""Requests that leave the instance: one client for all, which reaches no private address."""
