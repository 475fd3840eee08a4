"""The fuser's transformer blocks: over a frame's pixels (after PVT v2, arXiv:2106.13797) and over the sound's tokens."""

from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Attention over tokens [batch, n, channels]; with `reduction`, keys and values come from a map that is so much smaller."""

    def __init__(self, channels: int, heads: int, reduction: int | None, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.q = nn.Linear(channels, channels)
        self.kv = nn.Linear(channels, 2 * channels)
        self.proj = nn.Linear(channels, channels)
        self.proj_drop = nn.Dropout(dropout)
        self.reduces = reduction is not None
        if reduction is not None:
            self.sr = nn.Conv2d(channels, channels, reduction, stride=reduction)
            self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor, grid: tuple[int, int] | None = None) -> Tensor:
        source = x
        if self.reduces:
            source = self.sr(x.transpose(1, 2).unflatten(2, grid))
            source = self.norm(source.flatten(2).transpose(1, 2))
        q = self._split(self.q(x))
        k, v = (self._split(part) for part in self.kv(source).chunk(2, dim=2))
        out = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0.0)
        return self.proj_drop(self.proj(out.transpose(1, 2).flatten(2)))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class DepthwiseConv(nn.Module):
    """A 3 x 3 convolution of each channel by itself. It has a module of its own because the checkpoint's keys say so."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)

    def forward(self, x: Tensor, grid: tuple[int, int]) -> Tensor:
        return self.dwconv(x.transpose(1, 2).unflatten(2, grid)).flatten(2).transpose(1, 2)


class Mlp(nn.Module):
    """Two linear layers with GELU between; with `spatial`, a depth-wise convolution before the GELU."""

    def __init__(self, channels: int, hidden: int, spatial: bool, dropout: float) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, hidden)
        self.dwconv = DepthwiseConv(hidden) if spatial else None
        self.fc2 = nn.Linear(hidden, channels)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, grid: tuple[int, int] | None = None) -> Tensor:
        x = self.fc1(x)
        if self.dwconv is not None:
            x = self.dwconv(x, grid)
        return self.drop(self.fc2(self.drop(F.gelu(x))))


class VisualBlock(nn.Module):
    """A block over the pixels of each frame [frames, height * width, channels]."""

    def __init__(self, channels: int, heads: int = 4, ratio: int = 4, reduction: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn = Attention(channels, heads, reduction, dropout)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, ratio * channels, spatial=True, dropout=dropout)

    def forward(self, x: Tensor, grid: tuple[int, int]) -> Tensor:
        x = x + self.attn(self.norm1(x), grid)
        return x + self.mlp(self.norm2(x), grid)


class AudioBlock(nn.Module):
    """A block over one sequence of tokens [batch, n, channels].

    The official one also holds `attn.sr`, `attn.norm` and `mlp.dwconv`, which no forward pass uses.
    """

    def __init__(self, channels: int, heads: int = 4, ratio: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn = Attention(channels, heads, None, dropout)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, ratio * channels, spatial=False, dropout=dropout)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))
