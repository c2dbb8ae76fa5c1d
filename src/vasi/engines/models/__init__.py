"""Models that don't come with the package: what there is, where it is kept, and how it gets there.

``models.toml`` is the catalogue. A model lies in a folder of its own, in the data folder or in the Python environment;
the folder appears when all of its files have come and been verified, so whoever finds it can load it.
"""

from vasi.engines.models.catalogue import Catalogue, Model, ModelFile, catalogue
from vasi.engines.models.folders import folder

__all__ = ["Catalogue", "Model", "ModelFile", "catalogue", "folder"]
