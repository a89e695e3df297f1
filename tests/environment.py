"""Loaded before Django's settings: a data folder that belongs to this test process alone."""

import os
import tempfile

os.environ["BOXWOOD_HOME"] = tempfile.mkdtemp(prefix="boxwood-tests-")
