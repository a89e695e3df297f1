"""The toolkit of the REST API: endpoints, problem documents, pages of lists, OpenAPI."""
