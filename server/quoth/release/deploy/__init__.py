"""Releases in engines at other servers: staged there, verified, dropped, and the record of what is where.

Which server there is and how it is asked is in ``engine.remote``. Commands stage releases by ``cli.console``;
``cli.releases`` tells what a redaction left elsewhere, and ``release.open`` knows by the record which dataset is read. ``release.fetch`` takes the record along; `quoth doctor`
(``server.engine_check``) asks all that are in it.
"""
