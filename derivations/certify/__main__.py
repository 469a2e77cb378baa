"""The command ``python -m derivations.certify``."""

import sys

from derivations.certify.certify_command import main

sys.exit(main())
