"""`python -m reference_server fe16ops --port 0`"""

from __future__ import annotations

import sys

from reference_server.command import run


def main() -> None:
    sys.exit(run(sys.argv[1:], sys.stdout, sys.stderr))


if __name__ == "__main__":
    main()
