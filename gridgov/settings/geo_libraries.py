"""GDAL, GEOS and PROJ from the pyogrio and shapely wheels.

GeoDjango then needs no Debian package, and shapely and GeoDjango share one GEOS,
so that a predicate has the same answer in both.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _site_packages() -> Path:
    return Path(find_spec("pyogrio").origin).parent.parent


def _library(folder: str, pattern: str) -> str:
    found = sorted((_site_packages() / folder).glob(pattern))
    if not found:
        raise ImproperlyConfigured(
            f"在 {folder} 中找不到 {pattern},请重新运行 bin/set-up。 / "
            f"{pattern} is not in {folder}: run bin/set-up again to install the packages."
        )
    return str(found[0])


def gdal_library() -> str:
    """Path of GDAL's shared library. Sets GDAL_DATA and PROJ_DATA, which both bindings read at load."""
    package = _site_packages() / "pyogrio"
    os.environ.setdefault("GDAL_DATA", str(package / "gdal_data"))
    os.environ.setdefault("PROJ_DATA", str(package / "proj_data"))
    return _library("pyogrio.libs", "libgdal*.so*")


def geos_library() -> str:
    """Path of GEOS's C library, the one that shapely loads."""
    return _library("shapely.libs", "libgeos_c*.so*")
