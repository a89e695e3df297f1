"""Sets of words that read as words."""


def words(text: str) -> frozenset[str]:
    """The words of a text, which white space separates."""
    return frozenset(text.split())
