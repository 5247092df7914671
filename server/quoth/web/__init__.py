"""The web room: pages, documents and the SPARQL endpoint over one release."""

from flask import Flask
from jinja2 import StrictUndefined

from quoth import __version__
from quoth.config import Settings
from quoth.store.engine import Engine
from quoth.store.release import Release
from quoth.web import (
    catalog,
    citing,
    dumps,
    editor,
    files,
    finding,
    guide,
    health,
    home,
    kept,
    limits,
    listings,
    lookup,
    ontology,
    problems,
    queries,
    rate,
    reading,
    reconcile,
    resource,
    responses,
    shapes,
    site,
    sitemap,
    sparql,
    table,
    void,
    words,
)

__all__ = ["create_app"]


def create_app(settings: Settings, engine: Engine, release: Release) -> Flask:
    """The WSGI application that serves ``release`` through ``engine``.

    It keeps no state but caches of what cannot change, sets no cookies, and never looks at the Host header.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.query_size_kb * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.query_size_kb * 1024
    here = site.make(settings, engine, release)
    app.extensions["quoth"] = here

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        site=here,
        iris=here.iris,
        path=here.iris.path,
        url=here.iris.url,
        raw_path=responses.raw_path,
        version=__version__,
        release_number=release.number,
        starter=home.STARTER,
        foot_licence=reading.licence(here),
        asset_version=here.fingerprint[:8],
        editor_assets=editor.assets,
    )
    app.jinja_env.filters.update(capital=words.capital, count=words.count, listed=words.listed)

    problems.register(app)
    responses.register(app)
    limits.register(app)
    for room in (
        home,
        listings,
        table,
        finding,
        citing,
        lookup,
        reconcile,
        resource,
        sparql,
        ontology,
        shapes,
        queries,
        editor,
        guide,
        dumps,
        files,
        void,
        catalog,
        sitemap,
        health,
    ):
        app.register_blueprint(room.blueprint)
    kept.register(app, here)
    rate.register(app, here)
    app.wsgi_app = responses.Prefixed(app.wsgi_app, settings.public_url)  # type: ignore[method-assign]
    return app
