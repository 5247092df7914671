"""What can be linked, the scores of candidates, and the tables and linksets that record them; no network."""
