"""Names, scores and candidates: how well an entity here fits one elsewhere."""
