"""The peer of locate_file: pandas reads, geopandas.sjoin joins, pandas writes. Prints its seconds.

    python -m tests.benchmarks.sjoin IN.csv OUT.csv within|intersects
"""

import json
import sys
import time

import django
import geopandas
import pandas as pd
import shapely


def units() -> geopandas.GeoDataFrame:
    from grids.hierarchy import Level
    from grids.models import AreaVersion
    from grids.selectors import codes_and_geometries

    codes, geometries = codes_and_geometries(AreaVersion.objects.current().level(Level.GRID))
    return geopandas.GeoDataFrame({"grid_unit": codes}, geometry=geometries)


def locate(source: str, target: str, predicate: str) -> dict[str, float]:
    polygons = units()
    began = time.perf_counter()
    table = pd.read_csv(source, dtype={"id": str})
    points = geopandas.GeoDataFrame(table[["id"]], geometry=shapely.points(table["lon"], table["lat"]))
    joining = time.perf_counter()
    joined = points.sjoin(polygons, how="left", predicate=predicate)
    join_seconds = time.perf_counter() - joining
    if predicate == "intersects":  # points on boundaries come once for each unit there
        joined = joined.sort_values("grid_unit")
        joined = joined[~joined.index.duplicated()].sort_index()
    result = pd.DataFrame({"id": joined["id"], "grid_unit": joined["grid_unit"].fillna("")})
    result["community"] = result["grid_unit"].str[:12]
    result["street"] = result["grid_unit"].str[:9]
    result["status"] = (result["grid_unit"] == "").map({True: "outside", False: "located"})
    result.to_csv(target, index=False)
    return {"seconds": time.perf_counter() - began, "join_seconds": join_seconds}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(locate(*sys.argv[1:])))
