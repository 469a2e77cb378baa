"""The command ``python -m derivations.certify``."""

import sys

from derivations.certify.command import main

sys.exit(main())
