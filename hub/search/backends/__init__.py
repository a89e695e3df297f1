"""The search engines behind the port."""
