"""Settings of tests that aren't about models: what they see doesn't depend on the models that a machine has.

The environment of a test's own process has them too (``conftest``); one that starts a process with a clean environment
puts them in.
"""

from vasi.config.tables import EngineSettings

ENVIRONMENT = {"VASI_ENGINES__EMBEDDER": "none"}
ENGINES = EngineSettings(embedder="none")
