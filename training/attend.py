"""Attention of prompts and of the replies that share them, forwards and backwards, without a copy of a prompt a reply.

Norms of queries and keys and their rotation belong to it. Scores are made again to go back, block by block.
"""

# pyright: reportMissingImports=false, reportIncompatibleMethodOverride=false
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch.autograd.function import once_differentiable

from .packed import Gather, Heads, Shape


class Look(NamedTuple):
    """What a layer's attention needs to know beside its numbers.

    hidden: by block, what is added to the scores, see `Part.hidden`; cos, sin: (tokens, half a head); scale, cap: what
    scores are multiplied by and bent to, 0 for no cap; eps: of the norms; dtype: of the products.
    """

    heads: Heads
    gather: Gather
    hidden: list[tuple[torch.Tensor, torch.Tensor | None]]
    cos: torch.Tensor
    sin: torch.Tensor
    scale: float
    cap: float
    eps: float
    dtype: torch.dtype


class Attend(torch.autograd.Function):
    """(tokens, heads of queries, size) of `heads`, (tokens, heads.rows, size): queries, keys, values as projected.

    gains: (heads of queries and keys, size) of the norms, or None for a model without.
    """

    @staticmethod
    def forward(ctx: Any, heads: torch.Tensor, gains: torch.Tensor | None, look: Look) -> torch.Tensor:  # noqa: ANN401
        """What every query takes from the values it may see."""
        count = look.heads.queries + look.heads.keys
        turned = torch.empty(heads.shape, dtype=torch.float32)
        turned[:, count:] = heads[:, count:]
        plain = heads[:, :count].float()
        inverse = None
        if gains is not None:
            inverse = (plain.square().mean(-1, keepdim=True) + look.eps).rsqrt_()
            plain = (plain * inverse).mul_(gains)
        turn(plain, look.cos, look.sin, turned[:, :count])
        laid = turned.view(-1, look.heads.size).to(look.dtype).index_select(0, look.gather.index)
        out = laid.new_empty(len(look.gather.into), look.heads.size)
        for views in _views(look, laid):
            _weighted(_shares(views, look, _products(views, look)), views, views.of(out))
        ctx.save_for_backward(heads, gains, inverse, laid)
        ctx.look = look
        return out.index_select(0, look.gather.out.reshape(-1)).view(len(heads), -1, look.heads.size)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None, None]:  # noqa: ANN401
        """Gradients of `heads` and `gains`."""
        heads, gains, inverse, laid = ctx.saved_tensors
        look: Look = ctx.look
        size, count = look.heads.size, look.heads.queries + look.heads.keys
        asked = grad.reshape(-1, size).to(look.dtype).index_select(0, look.gather.into)
        asked.index_fill_(0, look.gather.holes, 0)
        found = torch.zeros_like(laid)
        for views, back in zip(_views(look, laid), _views(look, found), strict=True):
            _back(views, back, views.of(asked), look)
        turned = found.index_select(0, look.gather.back.reshape(-1)).view(len(heads), -1, size)
        out = torch.empty(heads.shape, dtype=heads.dtype)
        out[:, count:] = turned[:, count:]
        plain = torch.empty(len(heads), count, size)
        turn(turned[:, :count].float(), look.cos, -look.sin, plain)
        given = None
        if gains is not None:
            unit = heads[:, :count] * inverse
            given = (plain * unit).sum(0)
            plain *= gains
            plain = plain.addcmul_(unit, (plain * unit).mean(-1, keepdim=True), value=-1).mul_(inverse)
        out[:, :count] = plain
        return out, given, None


def turn(heads: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, out: torch.Tensor) -> None:
    """Rotate (tokens, heads, size) by the tokens' places; `heads` and `out` do not overlap."""
    half = heads.shape[-1] // 2
    cos, sin = cos[:, None], sin[:, None]
    first, second = heads[..., :half], heads[..., half:]
    torch.mul(first, cos, out=out[..., :half])
    out[..., :half].addcmul_(second, sin, value=-1)
    torch.mul(second, cos, out=out[..., half:])
    out[..., half:].addcmul_(first, sin)


class _View(NamedTuple):
    """A block's queries, its own keys and values, those of its prompts, and what is added to the scores.

    queries: (groups, query heads * width, size) with groups = prompts * key heads * rows; keys, values: (groups, width,
    size); before: keys and values of the prompts, (prompts * key heads, columns, size), None where these are asking.
    """

    queries: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor
    before: tuple[torch.Tensor, torch.Tensor] | None
    hidden: tuple[torch.Tensor, torch.Tensor | None]
    shape: Shape

    def of(self, asked: torch.Tensor) -> torch.Tensor:
        """This block's share of all gathered queries."""
        first = self.shape.queries
        return asked[first : first + self.queries.shape[0] * self.queries.shape[1]].view_as(self.queries)

    def wide(self, queries: torch.Tensor) -> torch.Tensor:
        """Queries of all rows of a prompt together, as the prompt's keys meet them."""
        assert self.before is not None
        return queries.view(len(self.before[0]), -1, queries.shape[-1])


def _views(look: Look, laid: torch.Tensor) -> Iterator[_View]:
    keys, size = look.heads.keys, look.heads.size
    before = None
    for shape, hidden in zip(look.gather.shapes, look.hidden, strict=True):
        groups = shape.prompts * keys * shape.rows
        own, asked = groups * shape.width, groups * shape.width * (look.heads.queries // keys)
        key = laid[shape.keys : shape.keys + own].view(groups, shape.width, size)
        value = laid[shape.values : shape.values + own].view(groups, shape.width, size)
        query = laid[shape.queries : shape.queries + asked].view(groups, -1, size)
        yield _View(query, key, value, before if shape.replies else None, hidden, shape)
        if not shape.replies:
            before = (key, value)


def _products(view: _View, look: Look) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Queries by own keys, and by those of the prompt; bent to the cap, tanh only, if there is one."""
    own = torch.bmm(view.queries, view.keys.transpose(1, 2))
    before = torch.bmm(view.wide(view.queries), view.before[0].transpose(1, 2)) if view.before else None
    if look.cap:
        own.mul_(look.scale / look.cap).tanh_()
        before = before if before is None else before.mul_(look.scale / look.cap).tanh_()
    return own, before


def _shares(view: _View, look: Look, products: tuple[torch.Tensor, torch.Tensor | None]) -> torch.Tensor:
    """How much every query takes of every column, those of the prompt first; adds up to 1."""
    (own, before), factor, width = products, look.cap or look.scale, view.shape.width
    columns = 0 if before is None else before.shape[2]
    scores = own.new_empty(*own.shape[:2], columns + width)
    split = scores.view(len(scores), -1, width, columns + width)
    torch.add(view.hidden[0], own.view(len(own), -1, width, width), alpha=factor, out=split[..., columns:])
    if before is not None:
        whole = scores.view(view.shape.prompts, -1, width, columns + width)[..., :columns]
        before = before.view(whole.shape)
        if view.hidden[1] is None:
            torch.mul(before, factor, out=whole)
        else:
            torch.add(view.hidden[1][:, None], before, alpha=factor, out=whole)
    return torch.softmax(scores, -1)


def _weighted(shares: torch.Tensor, view: _View, out: torch.Tensor) -> None:
    columns = shares.shape[2] - view.shape.width
    torch.bmm(shares[:, :, columns:], view.values, out=out)
    if view.before:
        wide = view.wide(out)
        torch.baddbmm(wide, view.wide(shares)[:, :, :columns], view.before[1], out=wide)


def _back(view: _View, back: _View, grad: torch.Tensor, look: Look) -> None:
    """Put the gradients of a block's queries, keys and values into `back`; those of the prompts are added to."""
    products = _products(view, look)
    shares = _shares(view, look, products)
    columns = shares.shape[2] - view.shape.width
    parts = [torch.bmm(grad, view.values.transpose(1, 2))]
    if view.before:
        before = torch.bmm(view.wide(grad), view.before[1].transpose(1, 2))
        parts.insert(0, before.view(len(grad), grad.shape[1], columns))
    slopes = torch.ops.aten._softmax_backward_data(torch.cat(parts, 2), shares, -1, shares.dtype)
    if look.cap:
        bent = torch.cat([one.view(len(grad), grad.shape[1], -1) for one in products[::-1] if one is not None], 2)
        slopes.addcmul_(slopes, bent.square_(), value=-1)
    own, mine = slopes[:, :, columns:], shares[:, :, columns:]
    torch.baddbmm(back.queries, own, view.keys, beta=0, alpha=look.scale, out=back.queries)
    back.keys.baddbmm_(own.transpose(1, 2), view.queries, alpha=look.scale)
    back.values.baddbmm_(mine.transpose(1, 2), grad)
    if view.before and back.before:
        wide, taken = view.wide(slopes)[:, :, :columns], view.wide(shares)[:, :, :columns]
        back.wide(back.queries).baddbmm_(wide, view.before[0], alpha=look.scale)
        back.before[0].baddbmm_(wide.transpose(1, 2), view.wide(view.queries), alpha=look.scale)
        back.before[1].baddbmm_(taken.transpose(1, 2), view.wide(grad))
