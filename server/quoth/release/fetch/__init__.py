"""Copies of releases from elsewhere: another folder, a web server or object storage that has one, another Quoth server.

What comes from there is checked by the hashes in the listing and the manifests, and nobody reads it before it is whole.
Only ``cli`` imports this room.
"""
