"""Files of territories: the official JSON of the whole of France, and small YAML files of an instance."""

from hemicycle_territories.reading.official import read_folder
from hemicycle_territories.reading.own import Own, read_own

__all__ = ["Own", "read_folder", "read_own"]
