"""The web room: pages, documents and the SPARQL endpoint over one release."""

from flask import Flask
from jinja2 import StrictUndefined

from quoth import __version__
from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.release.release import Release
from quoth.web import reconcile
from quoth.web.claims import table
from quoth.web.core import problem_details, request_limits, responses, site
from quoth.web.discovery import dcat, health, home, release_page, sitemap, void
from quoth.web.documents import citation_views, dereferencing
from quoth.web.editor import assets
from quoth.web.guide import chapters
from quoth.web.ontology import reference, shapes
from quoth.web.present import claim_view, phrases
from quoth.web.releases import archive, downloads
from quoth.web.search import browse, identifier_lookup, search
from quoth.web.sparql import endpoint, question_views

__all__ = ["create_app"]


def create_app(settings: Settings, engine: Engine, release: Release) -> Flask:
    """The WSGI application that serves ``release`` through ``engine``.

    It keeps no state but caches of what cannot change, sets no cookies, and never looks at the Host header.
    """
    app = Flask("quoth.web", static_folder=None)
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
        foot_licence=claim_view.licence(here),
        asset_version=here.fingerprint[:8],
        editor_assets=assets.assets,
    )
    app.jinja_env.filters.update(capital=phrases.capital, count=phrases.count, listed=phrases.listed)

    problem_details.register(app)
    responses.register(app)
    request_limits.register(app)
    for room in (
        home,
        browse,
        table,
        search,
        citation_views,
        identifier_lookup,
        reconcile,
        dereferencing,
        endpoint,
        reference,
        shapes,
        question_views,
        assets,
        chapters,
        release_page,
        downloads,
        void,
        dcat,
        sitemap,
        health,
    ):
        app.register_blueprint(room.blueprint)
    archive.register(app, here)
    app.wsgi_app = responses.Prefixed(app.wsgi_app, settings.public_url)  # type: ignore[method-assign]
    return app
