"""The Django project: catalogue, search, pages, API. Apps are listed in the order in which they may import."""
