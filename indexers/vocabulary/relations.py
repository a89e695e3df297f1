"""Relations between entities, in the words of PROV and OpenLineage.

An edge runs from the thing that depends, contains or acts to the thing it names: a notebook
`reads` a dataset, a dataset is `derived-from` another, a repository `contains` a file.
"""

from typing import Final, Literal, get_args

Relation = Literal[
    "contains",
    "reads",
    "writes",
    "derived-from",
    "trained-on",
    "produced-by",
    "imports",
    "forked-from",
    "owned-by",
    "applies-to",
]

RELATIONS: Final[frozenset[str]] = frozenset(get_args(Relation))

Evidence = Literal["observed", "parsed", "declared", "inferred", "manual"]
"""How an edge is known: seen at run time, read from code, stated in metadata, guessed, said by a person."""

EVIDENCE: Final[frozenset[str]] = frozenset(get_args(Evidence))
