"""Set-up of a machine and a checkout: what bin/set-up, bin/demo, bin/test and bin/lock do.

Each step asks first whether it is done and writes its stamp last, so that a set-up that was
killed anywhere completes when it is run again, and a second run takes a second. Only the
standard library in here: it runs before any package is installed.
"""
