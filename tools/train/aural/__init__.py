"""aurald's networks in PyTorch: VGGish, the fuser of sound and picture, SAM 2's decoder with sound, and the tracking loop.

The modules carry the key names of the official checkpoints, so that a file trained here runs in aurald and the other way round.
"""
