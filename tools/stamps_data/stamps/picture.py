"""The pictures of a scene, and which pixels of them are whose."""

import math

import cv2
import numpy as np

from .backdrop import MARGIN, canvas
from .library import Library
from .scene import Actor, Look, Scene

# One worker has one core; OpenCV would start a thread on each.
cv2.setNumThreads(1)


class Renderer:
    """Draws the frames of one scene at one size."""

    def __init__(self, library: Library, scene: Scene, width: int, height: int):
        self._library, self._scene = library, scene
        self._width, self._height = width, height
        self._canvas = canvas(library, scene.backdrop, width, height)
        self._table = _lookup(scene.look)

    def frame(self, t: float) -> tuple[np.ndarray, np.ndarray]:
        """The picture at time t, uint8 [h, w, 3], and the visible pixels of each actor, bool [actors, h, w].

        A pixel is an actor's where its alpha, times what those in front let through, is over one half.
        """
        image = self._background(t)
        masks = np.zeros((len(self._scene.actors), self._height, self._width), bool)
        drawn = [self._draw(actor, t) for actor in self._scene.actors]
        for part in drawn:
            if part is not None:
                (rows, columns), stamp = part
                _compose(image[rows, columns], stamp)
        # From front to back: what is covered already is not visible.
        through = np.ones((self._height, self._width), np.float32)
        for number, part in reversed(list(enumerate(drawn))):
            if part is None:
                continue
            (rows, columns), stamp = part
            alpha = stamp[:, :, 3] * np.float32(1 / 255)
            free = through[rows, columns]
            masks[number, rows, columns] = alpha * free > 0.5
            free *= 1 - alpha
        return _look(image, self._scene, self._table, t), masks

    def _background(self, t: float) -> np.ndarray:
        """The canvas moves to and fro within its margin."""
        spare = MARGIN - 1
        backdrop = self._scene.backdrop
        x = _bounce(spare / 2 + backdrop.pan_x * t, spare) * self._width
        y = _bounce(spare / 2 + backdrop.pan_y * t, spare) * self._height
        if backdrop.pan_x == 0 and backdrop.pan_y == 0:
            return self._canvas[int(y):int(y) + self._height, int(x):int(x) + self._width].copy()
        return cv2.warpAffine(self._canvas, np.array([[1, 0, x], [0, 1, y]], float), (self._width, self._height),
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)

    def _draw(self, actor: Actor, t: float) -> tuple[tuple[slice, slice], np.ndarray] | None:
        """Where in the picture the actor is, and what it looks like there, premultiplied uint8 [h, w, 4]; None if it is outside."""
        x, y, angle, size = actor.track.at(t)
        levels = self._library.pictures[actor.stamp]
        longest = size * min(self._width, self._height)
        level = next((number for number in range(len(levels) - 1, 0, -1) if max(levels[number].shape[:2]) >= longest), 0)
        picture = levels[level]
        height, width = picture.shape[:2]
        scale = max(longest, 2.0) / max(height, width)
        cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
        half_width = (abs(cosine) * width + abs(sine) * height) / 2 + 1
        half_height = (abs(sine) * width + abs(cosine) * height) / 2 + 1
        centre_x, centre_y = x * self._width, y * self._height
        left, right = max(0, math.floor(centre_x - half_width)), min(self._width, math.ceil(centre_x + half_width))
        top, bottom = max(0, math.floor(centre_y - half_height)), min(self._height, math.ceil(centre_y + half_height))
        if left >= right or top >= bottom:
            return None
        mirror = -1.0 if actor.flip else 1.0
        middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
        a, b, c, d = cosine * mirror, -sine, sine * mirror, cosine
        # Pixel centres lie at whole numbers for OpenCV, at halves in the picture's coordinates.
        shift_x, shift_y = centre_x - left - 0.5, centre_y - top - 0.5
        matrix = np.array([[a, b, shift_x - a * middle_x - b * middle_y], [c, d, shift_y - c * middle_x - d * middle_y]])
        stamp = cv2.warpAffine(picture, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR,
                               borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0))
        if actor.tint != (1.0, 1.0, 1.0):
            tinted = cv2.multiply(stamp, (*actor.tint, 1.0))
            # Premultiplied colours never exceed alpha.
            stamp = np.minimum(tinted, stamp[:, :, 3:])
        return (slice(top, bottom), slice(left, right)), stamp


def _compose(target: np.ndarray, stamp: np.ndarray) -> None:
    """Draws the premultiplied stamp over a part of the picture."""
    rest = cv2.merge([255 - stamp[:, :, 3]] * 3)
    target[:] = cv2.add(cv2.multiply(np.ascontiguousarray(target), rest, scale=1 / 255), stamp[:, :, :3])


def _bounce(value: float, limit: float) -> float:
    value %= 2 * limit
    return value if value <= limit else 2 * limit - value


def _lookup(look: Look) -> np.ndarray | None:
    """What each level of each channel becomes, uint8 [256, 1, 3]; None where all stay."""
    if (look.gains, look.contrast, look.brightness, look.gamma) == ((1.0, 1.0, 1.0), 1.0, 0.0, 1.0):
        return None
    levels = (np.arange(256) / 255)[:, None] ** look.gamma
    values = ((levels - 0.5) * look.contrast + 0.5 + look.brightness) * np.array(look.gains)
    return np.clip(np.round(values * 255), 0, 255).astype(np.uint8)[:, None, :]


def _look(image: np.ndarray, scene: Scene, table: np.ndarray | None, t: float) -> np.ndarray:
    look = scene.look
    if look.saturation != 1.0:
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        image = cv2.addWeighted(image, look.saturation, grey, 1 - look.saturation, 0)
    if table is not None:
        image = cv2.LUT(image, table)
    if look.blur:
        image = cv2.GaussianBlur(image, (0, 0), look.blur * min(image.shape[:2]) / 256)
    if look.grain:
        generator = np.random.Generator(np.random.PCG64([scene.seed, round(t * 1000) & 0xFFFFFFFF]))
        grain = generator.standard_normal(image.shape, dtype=np.float32)
        image = cv2.add(image, grain * np.float32(look.grain), dtype=cv2.CV_8U)
    if look.jpeg:
        _, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, look.jpeg])
        image = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    return image
