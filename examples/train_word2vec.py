"""Train word vectors with the generated kernels: ``python examples/train_word2vec.py --help``."""

import sys

from proved_kernels.training.command_line import main

if __name__ == "__main__":
    sys.exit(main())
