"""The query editor: its assets, what it completes from, and how it is built out of npm packages."""
