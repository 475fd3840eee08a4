"""aurald's networks in PyTorch: VGGish, the fuser of sound and picture, SAM 2's decoder with sound, and the tracking loop.

The modules carry the key names of the official checkpoints, so that a file trained here runs in aurald and the other way round.
"""

import os

# Small products of matrices, as in a spectrogram, are four times slower where NumPy's threads fight with PyTorch's for the processor.
# NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
