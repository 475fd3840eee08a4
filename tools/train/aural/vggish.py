"""VGGish (Hershey et al., arXiv:1609.09430): one second of sound to 128 numbers."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

BANDS, EXAMPLE = 64, 96


class VGGish(nn.Module):
    """A row of VGG and three linear layers, with ReLU after the last one too; no PCA and no quantisation afterwards.

    `widths` are the channels of the six convolutions, `hidden` and `out` those of the linear layers; `hidden` may be one number for both
    hidden layers. `normalised` puts a BatchNorm after each convolution, which helps where training begins from nothing; `folded` takes
    it out again.
    """

    def __init__(
        self, widths: Sequence[int] = (64, 128, 256, 256, 512, 512), hidden: int | Sequence[int] = 4096, out: int = 128,
        normalised: bool = False,
    ) -> None:
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
        first, second = (hidden, hidden) if isinstance(hidden, int) else hidden
        self.embeddings = nn.Sequential(
            nn.Linear(flat, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, out), nn.ReLU())
        # Beside `features`, so that its numbers stay the official ones.
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths) if normalised else None

    def forward(self, log_mel: Tensor) -> Tensor:
        """[n, 96, 64] to [n, out], none below 0."""
        features, convolutions = log_mel.unsqueeze(1), 0
        for layer in self.features:
            features = layer(features)
            if self.norms is not None and isinstance(layer, nn.Conv2d):
                features = self.norms[convolutions](features)
                convolutions += 1
        # The weights come from TensorFlow: the first linear layer takes the channels last.
        return self.embeddings(features.permute(0, 2, 3, 1).flatten(1))

    def folded(self) -> dict[str, Tensor]:
        """The state dict with every BatchNorm's running statistics taken into the convolution before it, under the official keys."""
        state = {key: value for key, value in self.state_dict().items() if not key.startswith("norms.")}
        if self.norms is None:
            return state
        places = [index for index, layer in enumerate(self.features) if isinstance(layer, nn.Conv2d)]
        for place, norm in zip(places, self.norms):
            gain = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
            weight, bias = f"features.{place}.weight", f"features.{place}.bias"
            state[bias] = ((state[bias].double() - norm.running_mean.double()) * gain + norm.bias.double()).to(state[bias])
            state[weight] = (state[weight].double() * gain[:, None, None, None]).to(state[weight])
        return state

    def rows(self, log_mel: Tensor) -> Tensor:
        """Both channels with the same weights: [n, 2, 96, 64] to [n, 2 * out], left then right."""
        return torch.cat([self(log_mel[:, 0]), self(log_mel[:, 1])], dim=1)
