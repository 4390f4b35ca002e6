"""Where the known functions have their minima: closed forms, and points of a Newton search in float64; no torch.

The searched points are the roots of the gradient with a positive definite Hessian, to the last digits of a float64. Of
symmetric functions only one point of each family stands here.
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from playground.engine.descent.events import Mark
from playground.engine.descent.spec import KnownName

Triple = tuple[float, float, float]

_HIMMELBLAU = (
    (3.0, 2.0, 0.0),
    (-2.805118086952745, 3.131312518250573, 0.0),
    (-3.779310253377747, -3.283185991286169, 0.0),
    (3.584428340330492, -1.8481265269644036, 0.0),
)

_RASTRIGIN_AXIS = (
    (0.0, 0.0),
    (0.9949586376523348, 0.9949590570932916),
    (1.9899122337085497, 3.979831190554087),
    (2.984855701039481, 8.95460124148701),
    (3.9797838603007536, 15.91924379246153),
    (4.974691390895051, 24.873722934542226),
)

_ACKLEY = (
    (0.0, 0.0, 0.0),
    (0.0, 0.9521665459501717, 2.5799275570298725),
    (0.9684776587077244, 0.9684776587077244, 3.5744518772576797),
    (0.0, 1.9589197181217175, 4.884065258091152),
    (0.9824160350791393, 1.9646166628629864, 5.381864187490191),
    (1.9744519864841168, 1.9744519864841168, 6.559645375627877),
    (0.0, 2.964619443112052, 6.882582646801293),
    (0.9891541864816628, 2.9672595287625643, 7.180951647715364),
    (1.9821399503814776, 2.973139419924383, 7.961711274689826),
    (0.0, 3.969466743351758, 8.6162500440488),
    (0.9927672061700448, 3.9709183150642833, 8.81315177404689),
    (2.9792239546911445, 2.9792239546911445, 9.00109347829201),
    (1.9873106146274968, 3.974540178468205, 9.353039239137804),
    (0.0, 4.973611257996986, 10.120331273799986),
    (2.9842137381272384, 3.978924750768195, 10.120350743632674),
    (0.9949203738218393, 4.974497722176982, 10.25797437214942),
    (1.9907648757355256, 4.976843849330103, 10.645027483714344),
    (3.983067699689763, 3.983067699689763, 10.998262102599448),
    (2.987995058852837, 4.97995793948682, 11.217549480016736),
    (3.9865680979539455, 4.983198896760883, 11.901256635114164),
    (4.986180456997876, 4.986180456997876, 12.632268991516),
)

_GRIEWANK = (
    (0.0, 0.0, 0.0),
    (3.1400226338955397, 4.438444480920714, 0.007396040334115117),
    (6.280045279379904, 0.0, 0.009864672061006274),
    (0.0, 8.876888929095657, 0.019719489248184896),
    (9.420067886213593, 4.438444437201062, 0.027125384395415675),
    (6.280045217550294, 8.876888885374552, 0.02958416121206986),
)

_STYBLINSKI_TANG_AXIS = ((-2.903534027771177, -39.16616570377141), (2.7468027709908367, -25.029446655283945))

_SIX_HUMP_CAMEL = (
    (0.08984201310031806, -0.7126564030207396, -1.0316284534898774),
    (1.7036067149699805, -0.7960835686726251, -0.21546382438371792),
    (1.607104752920197, 0.5686514548841314, 2.1042503103112584),
)


def _separable(axis: Iterable[tuple[float, float]]) -> Iterator[Triple]:
    """Minima of f(x) + f(y) from those of f, each (x, f(x))."""
    minima = tuple(axis)
    return ((x, y, at_x + at_y) for x, at_x in minima for y, at_y in minima)


def _with_signs(points: Iterable[Triple]) -> Iterator[Triple]:
    """These points and their mirror images at both axes."""
    return ((sx * x, sy * y, value) for x, y, value in points for sx in (1, -1) for sy in (1, -1))


def _with_swaps(points: Iterable[Triple]) -> Iterator[Triple]:
    """These points and their mirror images at the diagonal."""
    return (place for x, y, value in points for place in ((x, y, value), (y, x, value)))


def _with_opposites(points: Iterable[Triple]) -> Iterator[Triple]:
    """These points and their mirror images at the origin."""
    return ((sign * x, sign * y, value) for x, y, value in points for sign in (1, -1))


def _mccormick() -> Iterator[Triple]:
    """The roots of the gradient in closed form: x - y = 1 and cos(x + y) = -1/2, one turn apart."""
    for turn in (0, 1):
        x = 0.5 - math.pi / 3 + math.pi * turn
        yield x, x - 1, -math.sqrt(0.75) - math.pi / 3 + math.pi * turn


def _marks(points: Iterable[Triple]) -> tuple[Mark, ...]:
    """Each place once (adding 0.0 makes -0.0 the same place as 0.0), the lowest first."""
    places = dict.fromkeys((x + 0.0, y + 0.0, value) for x, y, value in points)
    return tuple(Mark(*place) for place in sorted(places, key=lambda place: place[2]))


MINIMA: Mapping[KnownName, tuple[Mark, ...]] = {
    "himmelblau": _marks(_HIMMELBLAU),
    "rosenbrock": _marks([(1.0, 1.0, 0.0)]),
    "beale": _marks([(3.0, 0.5, 0.0)]),
    "booth": _marks([(1.0, 3.0, 0.0)]),
    "rastrigin": _marks(_with_signs(_separable(_RASTRIGIN_AXIS))),
    "ackley": _marks(_with_signs(_with_swaps(_ACKLEY))),
    "griewank": _marks(_with_signs(_GRIEWANK)),
    "styblinski_tang": _marks(_separable(_STYBLINSKI_TANG_AXIS)),
    "six_hump_camel": _marks(_with_opposites(_SIX_HUMP_CAMEL)),
    "saddle": (),
    "mccormick": _marks(_mccormick()),
}
"""Every minimum inside the function's domain, the lowest first."""
