"""aurald beside the others that run SAM 2 on this machine: the same frames, the same weights, in turns. `tools/compare` starts it."""
