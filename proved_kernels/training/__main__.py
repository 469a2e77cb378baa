"""``python -m proved_kernels.training``: word vectors from text."""

import sys

from proved_kernels import train

if __name__ == "__main__":
    sys.exit(train())
