"""Water: the land upside down, pulled about by waves that grow towards us."""

from __future__ import annotations

import numpy as np

from plainview.demo import paint
from plainview.demo.paint import HEIGHT, WIDTH, Colour, Mask, Picture


class Water:
    """Still water from the row `horizon` to the foot of the picture."""

    def __init__(
        self, horizon: int, *, tint: Colour = (0.82, 0.94, 1.05), rough: float = 1.0
    ) -> None:
        count = HEIGHT - horizon
        depth = np.arange(count, dtype=np.float32)
        self._last = horizon - 1
        self._rows = np.clip(horizon - 2 - depth * 1.35, 0, self._last)[:, None]
        near = (depth / depth[-1])[:, None]
        self._across = (1.5 + 13 * near) * rough
        self._down = (1 + 7 * near) * rough
        self._ripple = (260 / (depth + 14))[:, None] * 9.6
        self._columns = np.arange(WIDTH, dtype=np.float32)[None, :]
        chop = paint.cloud(count, WIDTH // 3, cell=60, seed=21) * 9
        self._chop: Mask = chop.repeat(6, axis=1)
        shade = np.linspace(0.78, 0.42, count)[:, None, None]
        self._shade = (shade * np.asarray(tint)).astype(np.float32)

    def mirror(self, land: Picture, t: float) -> Picture:
        """The water at a time in seconds, below a land of `horizon` rows."""
        drift = int(t * 9) % WIDTH
        wave = np.sin(self._ripple + t * 2.1 + self._chop[:, drift : drift + WIDTH])
        rows = np.clip(self._rows + wave * self._down, 0, self._last).astype(np.int32)
        columns = np.clip(self._columns + wave * self._across, 0, WIDTH - 1).astype(np.int32)
        seen = land[rows, columns] * self._shade
        seen += np.maximum(wave, 0)[..., None] ** 10 * 7
        return np.minimum(seen, 255).astype(np.uint8)
