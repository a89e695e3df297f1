"""Loaded before Django's settings: a data folder, and if asked a PostgreSQL server, of this process alone."""

import os
import tempfile

os.environ["BOXWOOD_HOME"] = tempfile.mkdtemp(prefix="boxwood-tests-")
if os.environ.get("BOXWOOD_TEST_DATABASE") == "postgresql":
    from tests.servers import postgres

    os.environ["BOXWOOD_DATABASE_URL"] = postgres()
