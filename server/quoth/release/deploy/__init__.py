"""Releases in engines at other servers: staged there, verified, dropped, and the record of what is where.

Which server there is and how it is asked is in ``engine.remote``. Commands stage releases by ``cli.console``, which
``cli.releases`` goes on from. ``release.open`` knows by the record which dataset is read, ``release.fetch`` takes the
record along, and `quoth doctor` (``server.engine_check``) asks all that are in it.
"""
