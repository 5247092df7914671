"""View models and figures: quads and index rows in, plain objects for templates out.

No routes and no templates. Models that several view rooms use are here, such as lists, stored questions and
identifiers of other datasets. The view rooms may import it.
"""
