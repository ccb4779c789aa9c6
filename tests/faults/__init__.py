"""Networks, servers and browsers that fail as they do in stairwells, on purpose and on record."""
