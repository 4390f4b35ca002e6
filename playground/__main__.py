"""`python -m playground` is `torch-playground`."""

import sys

from playground.cli import main

sys.exit(main())
