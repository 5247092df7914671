"""The application factory: the only module that knows every blueprint."""

import functools

from flask import Flask
from jinja2 import StrictUndefined

from quoth import __version__
from quoth.claim.model.excerpts import beginning
from quoth.claim.model.quotation_marks import quoted, unquoted
from quoth.config import Settings
from quoth.engine.api import deadline
from quoth.engine.api.interface import Engine
from quoth.release.release import Release
from quoth.web import reconcile
from quoth.web.changes import activity_stream, change_list, event_stream, memento_views, release_changes
from quoth.web.claims import table
from quoth.web.core import problem_details, request_target, responses
from quoth.web.core.archive import ReleaseArchive
from quoth.web.core.site import make_site
from quoth.web.discovery import assistants, description_views, health, home, sitemap
from quoth.web.documents import citation_views, corpus_addresses, dereferencing, embedding, encodings_page
from quoth.web.editor import assets
from quoth.web.guide import chapters
from quoth.web.ontology import reference, shapes
from quoth.web.present import citation, claim_lookup, phrases
from quoth.web.present.languages import language_name
from quoth.web.proof import proof_views
from quoth.web.releases import downloads, release_pages
from quoth.web.search import browse, identifier_lookup, search, suggestions
from quoth.web.sparql import endpoint, graph_store, question_views
from quoth.web.verify import views as verify_views

__all__ = ["create_app"]


def create_app(settings: Settings, engine: Engine, release: Release) -> Flask:
    """The WSGI application that serves ``release`` through ``engine``.

    The application keeps no state but caches of immutable data, sets no cookies, and never looks at the Host header.
    """
    app = Flask("quoth.web", static_folder=None)
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.query_size_kb * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.query_size_kb * 1024
    site = make_site(settings, engine, release)
    app.extensions["quoth"] = site
    app.extensions["quoth-archive"] = ReleaseArchive(site)

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        site=site,
        iris=site.iris,
        path=site.iris.path,
        url=site.iris.url,
        raw_path=request_target.raw_path,
        version=__version__,
        dataset_title=site.dataset_title,
        release_number=release.number,
        starter=home.STARTER,
        foot_licence=functools.partial(claim_lookup.licence, site),
        asset_version=home.ASSET_VERSION,
        editor_assets=assets.assets,
    )
    for word_filter in (
        beginning,
        language_name,
        phrases.capital,
        phrases.count,
        phrases.indefinite,
        phrases.kind_word,
        phrases.listed,
        quoted,
        phrases.size,
        unquoted,
    ):
        app.jinja_env.filters[word_filter.__name__] = word_filter
    app.jinja_env.filters["footnote"] = citation.text

    app.before_request(lambda: deadline.begin(settings.query_time_limit_s))
    app.teardown_request(lambda error: deadline.begin(None))
    problem_details.register_error_handlers(app)
    responses.register_headers(app)
    request_target.register_target_checks(app)
    for views in (
        home,
        browse,
        table,
        search,
        suggestions,
        citation_views,
        identifier_lookup,
        reconcile,
        dereferencing,
        corpus_addresses,
        embedding,
        encodings_page,
        chapters,
        endpoint,
        graph_store,
        question_views,
        proof_views,
        reference,
        shapes,
        assets,
        release_pages,
        release_changes,
        change_list,
        activity_stream,
        event_stream,
        memento_views,
        downloads,
        verify_views,
        description_views,
        assistants,
        sitemap,
        health,
    ):
        app.register_blueprint(views.blueprint)
    app.wsgi_app = responses.Prefixed(app.wsgi_app, settings.root)  # type: ignore[method-assign]
    return app
