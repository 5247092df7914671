"""The base of every view: the site, URLs, variants, serializers, problem details, the archive of releases.

No routes, and nothing that one part of the site alone needs. Every room of ``web`` may import it, as may ``server``.
"""
