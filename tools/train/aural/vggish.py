"""VGGish (Hershey et al., arXiv:1609.09430): one second of sound to 128 numbers."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

BANDS, EXAMPLE = 64, 96


class VGGish(nn.Module):
    """A row of VGG and three linear layers, with ReLU after the last one too; no PCA and no quantisation afterwards.

    `widths` are the channels of the six convolutions, `hidden` and `out` those of the linear layers.
    """

    def __init__(self, widths: Sequence[int] = (64, 128, 256, 256, 512, 512), hidden: int = 4096, out: int = 128) -> None:
        super().__init__()
        # The indices in `features` are those of the official checkpoint: 0, 3, 6, 8, 11 and 13 hold weights.
        layers: list[nn.Module] = []
        previous = 1
        for index, width in enumerate(widths):
            layers += [nn.Conv2d(previous, width, 3, padding=1), nn.ReLU()]
            if index not in (2, 4):
                layers.append(nn.MaxPool2d(2, 2))
            previous = width
        self.features = nn.Sequential(*layers)
        flat = widths[-1] * (EXAMPLE // 16) * (BANDS // 16)
        self.embeddings = nn.Sequential(
            nn.Linear(flat, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, out), nn.ReLU())

    def forward(self, log_mel: Tensor) -> Tensor:
        """[n, 96, 64] to [n, out], none below 0."""
        features = self.features(log_mel.unsqueeze(1))
        # The weights come from TensorFlow: the first linear layer takes the channels last.
        return self.embeddings(features.permute(0, 2, 3, 1).flatten(1))

    def rows(self, log_mel: Tensor) -> Tensor:
        """Both channels with the same weights: [n, 2, 96, 64] to [n, 2 * out], left then right."""
        return torch.cat([self(log_mel[:, 0]), self(log_mel[:, 1])], dim=1)
