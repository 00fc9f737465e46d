"""Albers' conic projection, which preserves areas and keeps the shape of mid-latitude continents.

Formulas for the sphere: J. P. Snyder, Map Projections: A Working Manual (USGS Professional Paper
1395, 1987), pp. 100-101; each standard parallel is a sixth of the window's height from its edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Albers:
    """The projection about the longitude ``middle`` with two standard parallels, in degrees."""

    middle: float
    lower: float
    upper: float

    @classmethod
    def between(cls, west: float, south: float, east: float, north: float) -> Albers:
        """Return the projection that suits a window, given in degrees.

        If the window crosses the equator, both parallels lie on the side with more of the window:
        the cone must not become a cylinder.
        """
        sixth = (north - south) / 6
        lower, upper = south + sixth, north - sixth
        if abs(lower + upper) < 2:
            lower, upper = 0.0, max(upper, 10.0)
        return cls((west + east) / 2, lower, upper)

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Project degrees to distances right of and *below* the middle, on a globe of radius 1."""
        one, two = math.radians(self.lower), math.radians(self.upper)
        n = (math.sin(one) + math.sin(two)) / 2
        c = math.cos(one) ** 2 + 2 * n * math.sin(one)
        rho = math.sqrt(max(0.0, c - 2 * n * math.sin(math.radians(latitude)))) / n
        theta = n * math.radians(longitude - self.middle)
        return rho * math.sin(theta), rho * math.cos(theta)
