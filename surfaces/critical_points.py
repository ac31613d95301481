"""Where the gradient of a surface is zero, and what kind of point that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from programs.frame import Frame
from programs.matrices import largest_entry
from surfaces.loss import SmoothLoss
from surfaces.steps import newton_step, shortest_newton_step

# Grids of Newton starts, as starts a side. A finer one is tried until it finds nothing new.
GRIDS = (96, 192, 384, 768, 1536)
# From this fineness on, only the starts whose first step is at most this many cells long go on.
LOCAL_FROM, LOCAL_CELLS = 384, 4
MOST_STEPS = 100
CHUNK = 40_000
# Shares of the diagonal of the frame: two points closer than SAME are one, a step shorter than ARRIVED has arrived.
SAME = 1e-6
ARRIVED = 3e-9
# Slopes and curvatures below this share of the largest ones in the frame, or of 1 if that is less, count as none.
FLAT = 1e-12
# Where the eigenvalues are further apart than this, the smaller one is as good as zero, and its sign says nothing.
DEGENERATE = 1e-7
# How far around a point, as a share of the diagonal, one looks where its Hessian does not decide; and how far where
# the slopes there are nothing but rounding, as beside the minimum of x^20.
AROUND, FURTHER = 1e-3, (1e-2, 1e-1)
# From this step on, what comes nearer by a constant share goes all the way, where that share is between these.
PATIENCE, SLOWEST, QUICKEST = 12, 0.99, 0.8
# From this step on, what jumps to and fro across a point by a constant share, as for |x|^1.5, goes to that point.
PATIENCE_WITH_OVERSHOOT, OVERSHOOT = 3, -0.5
# A coordinate so near to a rounder number, as a share of the diagonal, is that number, if the slope is no larger there.
ROUND = 1e-6
# Shares of the diagonal: a longer step of Newton's does not rest; and so near to a gap slopes may be rounding.
RESTING, BESIDE = 1e-6, 2e-5
# Where the slope is zero on a circle is looked for at so many places, so many times more closely each; zero is what is
# below this share of the largest one.
LINES, BISECTIONS, LEVEL = 16, 45, 1e-10
# In place of an infinite curvature.
HUGE = 1e150
# As many of Newton's steps lead to the floor of a valley.
FLOOR_STEPS = 30


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A point where the gradient is zero.

    theta: (2,). kind: "minimum", "maximum" or "saddle". eigenvalues: of the Hessian there, ascending, (2,). loss: the
    loss there.
    """

    theta: np.ndarray
    kind: str
    eigenvalues: np.ndarray
    loss: float


def critical_points(
    surface: SmoothLoss, frame: Frame | None = None, grids: Sequence[int] = GRIDS, most: float = np.inf
) -> tuple[CriticalPoint, ...]:
    """Every isolated critical point that Newton's method finds from a grid of starts: minima, saddles, then maxima.

    frame: ((low, high), (low, high)), where to look, its edge included; the surface's `domain` where it is not given.
    The grid is refined until a finer one finds nothing new, up to the last of `grids`, 1536 x 1536 starts, or until
    there are more than `most` points, of which some may then be missing. The signs of the Hessian's eigenvalues decide
    the kind. Where one of them is zero, the slope along the floor of that valley decides, where both are, the slope
    along a small ring: uphill all around is a minimum, downhill all around a maximum, anything else a saddle. Points
    that are not isolated, as in a flat valley, are left out, and so is what is flatter than 1e-12 of the steepest slope
    (at most 1) of the frame. One limit: a point around which the slopes are nothing but rounding, as of a power that is
    multiplied out, can be missed. At kinks, there are the minima that the surface declares in `subgradients`.
    Each kind is sorted by the loss.
    """
    search = _Search(surface, surface.domain if frame is None else frame)
    with np.errstate(all="ignore"):
        found = search.roots(grids[0])
        for side in grids[1:]:
            known = found.shape[1]
            found = search.distinct(np.hstack([found, search.roots(side)]))
            if found.shape[1] == known or found.shape[1] > most:
                break
        points = [*search.kinks(), *search.judged(found)]
    order = ("minimum", "saddle", "maximum")
    return tuple(sorted(points, key=lambda point: (order.index(point.kind), point.loss, *point.theta)))


def only_critical_point(theta: np.ndarray, hessian: np.ndarray, loss: float) -> CriticalPoint:
    """The critical point of a quadratic with its centre (2,) and a Hessian that has an inverse."""
    low, high = np.linalg.eigvalsh(hessian)
    # The product of the eigenvalues tells their signs also where the smaller one is lost in rounding.
    first, second, mixed = (Fraction(float(number)) for number in (hessian[0, 0], hessian[1, 1], hessian[0, 1]))
    is_saddle = first * second < mixed * mixed
    kind = "saddle" if is_saddle else "minimum" if first > 0 else "maximum"
    return CriticalPoint(theta, kind, np.array([low, high]), loss)


class _Search:
    """The search in one frame."""

    def __init__(self, surface: SmoothLoss, frame: Frame):
        self.surface = surface
        self.low, self.high = (np.array(ends, dtype=float)[:, None] for ends in zip(*frame, strict=True))
        self.diagonal = float(np.hypot(*(self.high - self.low)).item())
        self.slope = self.curvature = 0.0

    def roots(self, side: int) -> np.ndarray:
        """Where Newton's method arrives from the centres of side x side cells, every isolated point once: (2, n)."""
        shares = (np.arange(side) + 0.5) / side
        starts = np.stack(np.meshgrid(shares, shares)).reshape(2, -1) * (self.high - self.low) + self.low
        known = np.array(self.surface.minima).reshape(-1, 2).T
        local = side >= LOCAL_FROM
        parts = [self._from_starts(known, np.inf)]
        for begin in range(0, starts.shape[1], CHUNK):
            reach = LOCAL_CELLS * self.diagonal / side if local else np.inf
            parts.append(self.distinct(self._from_starts(starts[:, begin : begin + CHUNK], reach)))
        return self._isolated(self.distinct(np.hstack(parts)))

    def _from_starts(self, theta: np.ndarray, reach: float) -> np.ndarray:
        gradient, hessian = self.surface.gradient(theta), self.surface.hessian(theta)
        self.slope = max(self.slope, _largest(gradient))
        self.curvature = max(self.curvature, _largest(hessian))
        curved = largest_entry(hessian) > FLAT * min(self.curvature, 1.0)
        theta = theta[:, curved & (np.hypot(*_step(gradient, hessian)) <= reach)]
        arrived = self._newton(theta)
        has_loss = np.isfinite(self.surface.value(arrived))
        return arrived[:, self._inside(arrived) & self._bends(arrived) & has_loss]

    def _newton(self, theta: np.ndarray) -> np.ndarray:
        """Where these points come to rest, in any order; those that do not are left out."""
        middle, size = (self.low + self.high) / 2, self.high - self.low
        arrived, last = [np.empty((2, 0))], np.full(theta.shape, np.nan)
        for taken in range(MOST_STEPS):
            step = self._step(theta)
            length = np.hypot(*step)
            resting = length <= ARRIVED * self.diagonal
            if taken >= PATIENCE_WITH_OVERSHOOT and taken % 2:
                step = np.where(resting, step, step * _stretch(step, last, taken >= PATIENCE))
            theta, last = theta + step, step
            arrived.append(theta[:, resting])
            # Who is a whole frame away has lost its way. Another start is nearer to what it may yet find.
            moving = ~resting & (np.abs(theta - middle) <= 1.5 * size).all(axis=0)
            theta, last = theta[:, moving], last[:, moving]
            if not theta.size:
                break
        return np.hstack(arrived)

    def _step(self, theta: np.ndarray) -> np.ndarray:
        return _step(self.surface.gradient(theta), self.surface.hessian(theta))

    def _matrices(self, theta: np.ndarray) -> np.ndarray:
        """The Hessians, (n, 2, 2), with a huge number for an infinite curvature, as of |x|^1.5 at 0."""
        return np.nan_to_num(np.moveaxis(self.surface.hessian(theta), 2, 0), posinf=HUGE, neginf=-HUGE)

    def _inside(self, theta: np.ndarray) -> np.ndarray:
        slack = 1e-9 * self.diagonal
        return ((theta >= self.low - slack) & (theta <= self.high + slack)).all(axis=0)

    def _bends(self, theta: np.ndarray) -> np.ndarray:
        """True where the surface around a point can be told from a plateau."""
        curved = largest_entry(self.surface.hessian(theta)) > FLAT * min(self.curvature, 1.0)
        bends = curved
        for away in (AROUND, *FURTHER):
            slopes = np.hypot(*self.surface.gradient(self._ring(theta[:, ~bends], 8, away))).max(axis=-1, initial=0)
            bends[~bends] = slopes > FLAT * min(self.slope, 1.0)
        return bends

    def _ring(self, theta: np.ndarray, count: int, away: float = AROUND) -> np.ndarray:
        """Points on a small circle around each point (2, n): shape (2, n, count)."""
        return theta[:, :, None] + away * self.diagonal * _directions(count)[:, None, :]

    def distinct(self, theta: np.ndarray) -> np.ndarray:
        """Every point once: of those that are closer than SAME, the one with the smallest slope."""
        theta = theta[:, np.argsort(np.hypot(*self.surface.gradient(theta)), kind="stable")]
        cells = np.round(theta / (SAME * self.diagonal)).astype(np.int64)
        _, first = np.unique(cells, axis=1, return_index=True)
        taken, kept = set(), []
        for place in np.sort(first):
            column, row = map(int, cells[:, place])
            if taken.isdisjoint((column + right, row + up) for right in (-1, 0, 1) for up in (-1, 0, 1)):
                taken.add((column, row))
                kept.append(place)
        return theta[:, kept]

    def _isolated(self, theta: np.ndarray) -> np.ndarray:
        """Those of the points that stand alone.

        Where the Hessian is singular, Newton's method starts again on either side along the flat direction: from an
        isolated point it comes back, in a valley it rests where it is.
        """
        theta = theta[:, ~self._ends_a_level_line(theta, *np.linalg.eigh(self._matrices(theta)))]
        values, vectors = np.linalg.eigh(self._matrices(theta))
        doubtful = np.flatnonzero(self._is_degenerate(theta, values))
        flat = np.where(np.abs(values[:, :1]) <= np.abs(values[:, 1:]), vectors[:, :, 0], vectors[:, :, 1])
        alone = np.ones(theta.shape[1], dtype=bool)
        alone[doubtful] = ~self._stays(theta[:, doubtful], flat[doubtful].T, AROUND)
        # Beside the minimum of x^10 the slope may be nothing but rounding. From further away, it leads back.
        for away in FURTHER:
            lying = doubtful[~alone[doubtful]]
            alone[lying] = self._returns(theta[:, lying], flat[lying].T, away)
        # Where there is no Hessian, Newton's method jumps to and fro; the circles around the point are looked at later.
        alone |= np.isnan(self.surface.hessian(theta)).any(axis=(0, 1))
        return theta[:, alone]

    def _ends_a_level_line(self, theta: np.ndarray, curvatures: np.ndarray, axes: np.ndarray) -> np.ndarray:
        """True where the surface curves, but beside the point (2, n), along one of the axes (n, 2, 2), all is level, as
        at the end of the valley of max(0, x)^2 + y^2."""
        size = np.abs(curvatures)
        least = FLAT * size.max(axis=1, initial=0) * AROUND * self.diagonal
        curved = (size.min(axis=1) > DEGENERATE * size.max(axis=1)) & (size.max(axis=1) < HUGE)
        beside = AROUND * self.diagonal * np.moveaxis(axes, 0, 1)[:, :, :, None] * np.array([-1.0, 1.0])
        slopes = np.hypot(*self.surface.gradient(theta[:, :, None, None] + beside))
        return curved & (slopes <= least[:, None, None]).any(axis=(1, 2))

    def _left(self, point: np.ndarray, direction: np.ndarray, away: float) -> np.ndarray:
        """How far Newton's method ends from points (2, n), as a share of how far it begins on either side: (2, n)."""
        left = []
        for side in (-away * self.diagonal, away * self.diagonal):
            moved = point + side * direction
            for _ in range(MOST_STEPS):
                step = shortest_newton_step(self.surface.gradient(moved), self.surface.hessian(moved))
                moved = moved + step
                if (np.hypot(*step) <= ARRIVED * abs(side)).all():
                    break
            left.append(np.hypot(*(moved - point)) / abs(side))
        return np.array(left)

    def _stays(self, point: np.ndarray, direction: np.ndarray, away: float) -> np.ndarray:
        left = self._left(point, direction, away)
        return ((left > 1 / 4) & (left < 4)).any(axis=0)

    def _returns(self, point: np.ndarray, direction: np.ndarray, away: float) -> np.ndarray:
        return (self._left(point, direction, away) <= 1 / 4).all(axis=0)

    def _is_degenerate(self, theta: np.ndarray, eigenvalues: np.ndarray) -> np.ndarray:
        """True where an eigenvalue (n, 2) is as good as zero beside a finite other one, or the curvature around."""
        around = np.abs(self.surface.hessian(self._ring(theta, 8))).max(axis=(0, 1, 3), initial=0)
        size = np.abs(eigenvalues)
        largest = np.where(size.max(axis=1) < HUGE, size.max(axis=1), 0.0)
        return ~(size.min(axis=1) > DEGENERATE * np.fmax(largest, around))

    def kinks(self) -> list[CriticalPoint]:
        """The declared minima without a derivative."""
        kinks = np.array(list(self.surface.subgradients), dtype=float).reshape(-1, 2).T
        values = self.surface.value(kinks)
        return [
            CriticalPoint(kinks[:, place], "minimum", np.zeros(2), float(values[place]))
            for place in np.flatnonzero(self._inside(kinks))
        ]

    def judged(self, theta: np.ndarray) -> list[CriticalPoint]:
        """The points with their kinds."""
        theta = self._certain(self._rounded(self._polished(theta)) + 0.0)  # no negative zeros
        for kink in self.surface.subgradients:
            theta = theta[:, np.hypot(theta[0] - kink[0], theta[1] - kink[1]) > SAME * self.diagonal]
        eigenvalues, vectors = np.linalg.eigh(self._matrices(theta))
        losses = self._losses(theta, eigenvalues)
        degenerate = self._is_degenerate(theta, eigenvalues)
        kinds = np.where(eigenvalues[:, 0] > 0, "minimum", np.where(eigenvalues[:, 1] < 0, "maximum", "saddle"))
        lines = set()
        doubtful = np.flatnonzero(degenerate)
        by_floor = self._kinds_by_floor(theta[:, doubtful], eigenvalues[doubtful], vectors[doubtful])
        for place, by_floor_here in zip(doubtful, by_floor, strict=True):
            point = theta[:, place]
            if not eigenvalues[place].any() and self._lies_on_a_line(point):
                lines.add(place)
            kinds[place] = by_floor_here or self._kind_by_ring(point)
        return [
            CriticalPoint(theta[:, place].copy(), str(kinds[place]), eigenvalues[place], float(losses[place]))
            for place in range(theta.shape[1])
            if place not in lines
        ]

    def _losses(self, theta: np.ndarray, eigenvalues: np.ndarray) -> np.ndarray:
        """The losses at critical points, 0 where what is left may be nothing but rounding: of the formula, or of the
        point, at which the slope is 0."""
        losses, shift = self.surface.value(theta), np.finfo(float).eps * np.hypot(*theta)
        rounding = self.surface.rounding(theta) + np.abs(eigenvalues).max(axis=1, initial=0) * shift**2
        return np.where(np.abs(losses) <= rounding, 0.0, losses)

    def _polished(self, theta: np.ndarray) -> np.ndarray:
        """A few Newton steps more, as long as they become shorter: at degenerate points they shorten slowly."""
        last = np.full(theta.shape[1], np.inf)
        for _ in range(MOST_STEPS):
            step = self._step(theta)
            length = np.hypot(*step)
            shorter = length < last
            if not shorter.any():
                break
            theta = np.where(shorter, theta + step, theta)
            last = np.where(shorter, length, 0.0)
        return theta

    def _rounded(self, theta: np.ndarray) -> np.ndarray:
        """The points, with rounder coordinates where the slope is no larger there: what is left over is rounding."""
        best = theta.copy()
        steepness = np.hypot(*self.surface.gradient(best))
        for digits in self._digits():
            rounder = np.round(theta, digits)
            near = np.abs(rounder - theta) <= ROUND * self.diagonal
            for part in (near, near & [[True], [False]], near & [[False], [True]]):
                tried = np.where(part, rounder, best)
                slope = np.hypot(*self.surface.gradient(tried))
                better = part.any(axis=0) & (slope <= steepness)
                best, steepness = np.where(better, tried, best), np.where(better, slope, steepness)
        return best

    def _digits(self) -> range:
        """How many digits behind the point a round number has here, many ones first."""
        finest = int(np.ceil(-np.log10(ROUND * self.diagonal)))
        return range(max(finest + 8, 1), min(finest - 6, 0) - 1, -1)

    def _certain(self, theta: np.ndarray) -> np.ndarray:
        """Those of the points that are above rounding.

        The loss has a value there, Newton's method rests, and there is no round number next to them where the loss has
        none: beside such a point, as beside 0 in (1 - cos x)/x^2, slopes are nothing but rounding.
        """
        rests = ~(np.hypot(*self._step(theta)) > RESTING * self.diagonal) | self._is_flat(theta)
        certain = np.isfinite(self.surface.value(theta)) & rests
        for digits in self._digits():
            rounder = np.round(theta, digits)
            near = np.abs(rounder - theta) <= BESIDE * self.diagonal
            for part in (near, near & [[True], [False]], near & [[False], [True]]):
                certain &= ~part.any(axis=0) | np.isfinite(self.surface.value(np.where(part, rounder, theta)))
        return theta[:, certain]

    def _is_flat(self, theta: np.ndarray) -> np.ndarray:
        """True where an eigenvalue is as good as zero, so that the length of Newton's step says nothing."""
        return self._is_degenerate(theta, np.linalg.eigvalsh(self._matrices(theta)))

    def _lies_on_a_line(self, point: np.ndarray) -> bool:
        """True where the slope is zero somewhere on every circle around a point, near and far, as for x^2 y^2."""
        angles = (np.arange(360) + 0.3) * (np.pi / 180)
        for away in (AROUND, *FURTHER):
            width, tried = np.pi / 180, angles
            slopes = self._slopes_around(point, away, tried)
            largest = slopes.max()
            lowest = tried[np.argsort(slopes, kind="stable")[:LINES]]
            for _ in range(BISECTIONS):
                tried = lowest[:, None] + width * np.linspace(-1, 1, 5)
                slopes = self._slopes_around(point, away, tried)
                lowest, width = tried[np.arange(len(tried)), slopes.argmin(axis=1)], width / 2
            if not slopes.min() <= LEVEL * largest:
                return False
        return True

    def _slopes_around(self, point: np.ndarray, away: float, angles: np.ndarray) -> np.ndarray:
        circle = np.stack([np.cos(angles), np.sin(angles)])
        place = point.reshape(2, *[1] * angles.ndim) + away * self.diagonal * circle
        return np.nan_to_num(np.hypot(*self.surface.gradient(place)), nan=np.inf)

    def _kinds_by_floor(self, points: np.ndarray, curvatures: np.ndarray, axes: np.ndarray) -> np.ndarray:
        """The kinds of points (2, n) with curvatures (n, 2) along axes (n, 2, 2) where only one curvature is as good as
        zero, else "": the floor of the valley, or the top of the ridge, is followed to both sides, near and, where that
        says nothing, ten times as far."""
        kinds = np.full(len(curvatures), "", dtype="<U7")
        order = np.argsort(np.abs(curvatures), axis=1)
        slight, curvature = np.take_along_axis(curvatures, order, axis=1).T
        level, steep = np.moveaxis(np.take_along_axis(axes, order[:, None, :], axis=2), 2, 0)
        open_ones = np.flatnonzero((np.abs(slight) <= DEGENERATE * np.abs(curvature)) & (curvature != 0))
        for away in np.array([AROUND, *FURTHER]) * self.diagonal:
            along, across, bend = level[open_ones].T, steep[open_ones].T[:, None], curvature[open_ones]
            theta = points[:, None, open_ones] + away * along[:, None] * np.array([[-1.0], [1.0]])
            for _ in range(FLOOR_STEPS):
                curved = (across[:, None] * self.surface.hessian(theta) * across[None]).sum(axis=(0, 1))
                theta = theta - across * ((across * self.surface.gradient(theta)).sum(axis=0) / curved)
            uphill = (along[:, None] * self.surface.gradient(theta)).sum(axis=0) * [[-1], [1]]
            says = (np.abs(uphill) > FLAT * np.abs(bend) * away).any(axis=0)
            kind = np.where((uphill * bend < 0).any(axis=0), "saddle", np.where(bend > 0, "minimum", "maximum"))
            kinds[open_ones[says]] = kind[says]
            open_ones = open_ones[~says]
            if not open_ones.size:
                break
        return kinds

    def _kind_by_ring(self, point: np.ndarray) -> str:
        directions = _directions(1440)
        slope = self.surface.gradient(point[:, None] + AROUND * self.diagonal * directions)
        uphill = slope[0] * directions[0] + slope[1] * directions[1]
        none = 1e-12 * np.abs(uphill).max()
        if not (uphill < -none).any():
            return "minimum"
        return "saddle" if (uphill > none).any() else "maximum"


def _largest(numbers: np.ndarray) -> float:
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))


def _directions(count: int) -> np.ndarray:
    angles = (np.arange(count) + 0.3) * (2 * np.pi / count)
    return np.stack([np.cos(angles), np.sin(angles)])


def _stretch(step: np.ndarray, last: np.ndarray, is_slow: bool) -> np.ndarray:
    """By how much steps (2, n) would have to be longer to be the last ones, if each is a constant share of the one
    before, as Newton's method is slow where several derivatives are zero, and overshoots where the second is infinite.

    is_slow: whether steps in one direction count, too.
    """
    share = (step * last).sum(axis=0) / (last * last).sum(axis=0)
    steady = np.abs(step - share * last).max(axis=0) <= 0.01 * np.hypot(*step)
    slow = is_slow & (share > QUICKEST) & (share < SLOWEST)
    return np.where(steady & (slow | (share < OVERSHOOT)), 1 / (1 - share), 1.0)


def _step(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step; none where there is no slope, even if H has no inverse."""
    return np.where((gradient == 0).all(axis=0), 0.0, newton_step(gradient, hessian))
