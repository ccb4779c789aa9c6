#!/usr/bin/env python
"""Django's command line for GridGov. `bin/manage` runs it in the project's environment."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridgov.settings.demo")
    from gridgov.command_line import main

    sys.exit(main(sys.argv))
