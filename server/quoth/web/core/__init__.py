"""What every view needs: the site, URLs, variants, problem details, serializers.

No routes; every room of ``web`` imports it.
"""
