"""Colours of the map: ColorBrewer's, chosen to be told apart by colour-blind eyes. Pure.

The page, its legend and the exported file all take them from here.
"""

# Sequential "Blues" of six classes without the lightest, which on a screen is hardly not white.
SHADES = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
NOTHING = "#ffffff"  # an area without disputes, apart from the shades
LINE = "#6b7b83"
# Sequential "YlOrRd": warm where the shades are cold, so that heat is seen on top of them.
HEAT = ("#fecc5c", "#fd8d3c", "#f03b20", "#bd0026")
HEAT_STOPS = (0.25, 0.5, 0.75, 1.0)
