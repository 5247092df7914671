"""Documents of attributed claims: read, anchored, checked, derived from. No HTTP and no store in here."""
