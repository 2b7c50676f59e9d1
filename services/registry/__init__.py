"""The activity registry: what areas, plans, activities and people do."""
