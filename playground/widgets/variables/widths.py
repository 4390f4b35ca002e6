"""How wide the columns of names are, and which go first where there is too little room for all."""

from collections.abc import Mapping

from playground.widgets.common.theme import GRID
from playground.widgets.variables.wording import GRAD, MEMORY, NAME, SHAPE, SHARES, TYPE

_LEAST = {NAME: 13, TYPE: 12, SHAPE: 14, MEMORY: 9, GRAD: 12, SHARES: 12}  # in GRID: what common texts need
_COMFORTABLE = {NAME: 15, TYPE: 14, SHAPE: 18, MEMORY: 11, GRAD: 17, SHARES: 18}
_FIRST_TO_GO = (SHARES, MEMORY, GRAD)  # a row's tip tells them all the same


def widths(room: int) -> Mapping[int, int]:
    """Pixels of each column that has a place in `room` pixels; the last takes what is left over."""
    shown = list(_LEAST)
    for column in _FIRST_TO_GO:
        if sum(_LEAST[each] for each in shown) * GRID <= room:
            break
        shown.remove(column)
    least = sum(_LEAST[each] for each in shown) * GRID
    if room < least:
        return {each: _LEAST[each] * GRID * max(room, 0) // least for each in shown}
    wish = sum(_COMFORTABLE[each] for each in shown) * GRID
    part = min((room - least) / (wish - least), 1.0)
    found = {each: int((_LEAST[each] + part * (_COMFORTABLE[each] - _LEAST[each])) * GRID) for each in shown}
    found[shown[-1]] += max(room - sum(found.values()), 0)
    return found
