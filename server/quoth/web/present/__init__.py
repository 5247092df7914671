"""View models and figures: quads in, plain objects for templates out. No routes."""
