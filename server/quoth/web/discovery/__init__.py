"""How machines find their way: VoID, DCAT, sitemap, health; and the front page."""
