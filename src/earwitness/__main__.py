"""``python -m earwitness`` is the command ``earwitness``."""

import sys

from earwitness.cli import main

sys.exit(main())
