"""A decoder of the Llama shape: RMSNorm, rotary positions (interleaved pairs), SwiGLU, tied embeddings."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of a network."""

    vocabulary: int = 3072
    width: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 704
    context: int = 2048
    base: float = 10000.0
    epsilon: float = 1e-5

    def record(self) -> dict[str, float]:
        return asdict(self)


class Norm(nn.Module):
    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


def rotation(positions: Tensor, size: int, base: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines for positions of any shape."""
    speed = base ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angle = positions[..., None].float() * speed
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns neighbouring pairs; x is (tokens, heads, size)."""
    a, b = x[..., 0::2], x[..., 1::2]
    cos, sin = cos[:, None].to(x.dtype), sin[:, None].to(x.dtype)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, size = shape.width, shape.width // shape.heads
        self.attn_norm = Norm(width, shape.epsilon)
        self.q = nn.Linear(width, width, bias=False)
        self.k = nn.Linear(width, size * shape.kv_heads, bias=False)
        self.v = nn.Linear(width, size * shape.kv_heads, bias=False)
        self.o = nn.Linear(width, width, bias=False)
        self.ffn_norm = Norm(width, shape.epsilon)
        self.gate = nn.Linear(width, shape.hidden, bias=False)
        self.up = nn.Linear(width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, width, bias=False)

    def forward(self, x: Tensor, places: Places) -> Tensor:
        heads, kv, size = (
            self.shape.heads,
            self.shape.kv_heads,
            self.shape.width // self.shape.heads,
        )
        h = self.attn_norm(x)
        length = x.shape[0]
        q = rotate(self.q(h).view(length, heads, size), places.cos, places.sin)
        k = rotate(self.k(h).view(length, kv, size), places.cos, places.sin)
        v = self.v(h).view(length, kv, size)
        k, v = k.repeat_interleave(heads // kv, 1), v.repeat_interleave(heads // kv, 1)
        x = x + self.o(places.attend(q, k, v).reshape(length, heads * size))
        h = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


@dataclass(frozen=True)
class Places:
    """Which token stands where: prefixes, each followed by several continuations.

    Requests that share a catalogue share its computation: a branch sees its group's prefix and
    itself. Tokens lie flat: all prefixes (groups x prefix), then all branches (groups x branches x
    length). Padding is on the right.
    """

    groups: int
    prefix: int
    branches: int
    length: int
    cos: Tensor
    sin: Tensor
    causal: Tensor
    seen: Tensor | None

    @classmethod
    def of(cls, lengths: Tensor, prefix: int, branches: int, length: int, shape: Shape) -> Places:
        """`lengths` (groups,) are those of the prefixes without padding."""
        groups = len(lengths)
        first = torch.arange(prefix)[None].expand(groups, prefix).reshape(-1)
        then = (lengths[:, None, None] + torch.arange(length)).expand(groups, branches, length)
        cos, sin = rotation(
            torch.cat([first, then.reshape(-1)]), shape.width // shape.heads, shape.base
        )
        causal = torch.full((length, length), float("-inf")).triu(1)
        seen = None
        if bool((lengths < prefix).any()):
            hidden = torch.arange(prefix)[None] >= lengths[:, None]
            seen = torch.zeros(groups, prefix).masked_fill(hidden, float("-inf"))
            seen = seen.repeat_interleave(shape.heads * branches, 0)[:, None]
        return cls(groups, prefix, branches, length, cos, sin, causal, seen)

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Attention over flat tokens (tokens, heads, size)."""
        heads, size = q.shape[1:]
        cut = self.groups * self.prefix

        def first(x: Tensor) -> Tensor:
            return x[:cut].view(self.groups, self.prefix, heads, size).transpose(1, 2)

        out = F.scaled_dot_product_attention(first(q), first(k), first(v), is_causal=True)
        flat = out.transpose(1, 2).reshape(cut, heads, size)
        if not self.branches:
            return flat

        return torch.cat([flat, self._branches(q, k, v)])

    def _branches(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Every branch over its prefix and itself. The prefix's part is one product for a whole
        group, which is what makes sharing it cheap."""
        heads, size = q.shape[1:]
        cut, rows = self.groups * self.prefix, self.branches * self.length

        def shared(x: Tensor, length: int) -> Tensor:
            return (
                x.view(self.groups, length, heads, size).transpose(1, 2).reshape(-1, length, size)
            )

        def own(x: Tensor) -> Tensor:
            x = x[cut:].view(self.groups, self.branches, self.length, heads, size)
            return x.permute(0, 3, 1, 2, 4).reshape(-1, self.length, size)

        q = q * size**-0.5
        kp, vp = shared(k[:cut], self.prefix), shared(v[:cut], self.prefix)
        over = shared(q[cut:], rows) @ kp.mT
        within = own(q) @ own(k).mT
        over = over.view(-1, self.length, self.prefix)
        if self.seen is not None:
            over = over + self.seen.to(over.dtype)
        within = within + self.causal.to(within.dtype)
        a = torch.cat([over, within], -1).softmax(-1, dtype=over.dtype)
        out = (a[..., : self.prefix].reshape(-1, rows, self.prefix) @ vp).view(
            -1, self.length, size
        )
        out = out + a[..., self.prefix :] @ own(v)
        out = out.view(self.groups, heads, self.branches, self.length, size)
        return out.permute(0, 2, 3, 1, 4).reshape(-1, heads, size)


class Network(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.epsilon)
        nn.init.normal_(self.embed.weight, std=0.02)
        for name, weight in self.named_parameters():
            if weight.ndim == 2 and "embed" not in name:
                std = 0.5 * shape.width**-0.5
                nn.init.normal_(
                    weight,
                    std=std / (2 * shape.layers) ** 0.5
                    if name.endswith(("o.weight", "down.weight"))
                    else std,
                )

    def forward(
        self, prefixes: Tensor, lengths: Tensor, branches: Tensor, keep: Tensor | None = None
    ) -> Tensor:
        """Logits of every flat token, or of those in `keep`.

        prefixes (groups, prefix), lengths (groups,), branches (groups, branches, length).
        """
        places = Places.of(
            lengths, prefixes.shape[1], branches.shape[1], branches.shape[2], self.shape
        )
        x = self.embed(torch.cat([prefixes.reshape(-1), branches.reshape(-1)]))
        for block in self.blocks:
            x = block(x, places)
        x = self.norm(x if keep is None else x[keep])
        return x @ self.embed.weight.T.to(x.dtype)

    def plain(self, ids: Tensor) -> Tensor:
        """Logits of one ordinary sequence of ids."""
        none = torch.zeros(1, 0, 0, dtype=torch.long)
        return self(ids[None], torch.tensor([len(ids)]), none)
