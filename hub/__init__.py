"""The Django project: catalogue, search, pages, API. Apps import only from those below them."""
