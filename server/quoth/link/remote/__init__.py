"""Asking the servers of others, politely."""
