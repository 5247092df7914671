"""The interface of an engine, and what all engines share. Everything in and above ``engine`` may import it."""
