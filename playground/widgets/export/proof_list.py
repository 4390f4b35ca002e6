"""The formats of one export, one below the other."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID
from playground.widgets.export.proof_card import ProofCard
from playground.widgets.export.values import OVER, FormatChoice, ProofValues, Stage


class ProofList(QWidget):
    """A card for each format.

    Signals
    -------
    folder_requested(str) : the user wants to see the folder of this file.
    """

    folder_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ProofCard] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(GRID)
        self._column.addStretch(1)

    def begin(self, formats: Sequence[FormatChoice]) -> None:
        """Forget what was there; these formats wait."""
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {choice.name: ProofCard(choice.name, choice.title) for choice in formats}
        for place, card in enumerate(self.cards.values()):
            card.folder_requested.connect(self.folder_requested)
            self._column.insertWidget(place, card)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, from the top."""
        return [widget for card in self.cards.values() for widget in (card.copy, card.show_folder, card.path)]

    def set_stage(self, name: str, stage: Stage) -> None:
        """Show how far a format is."""
        self.cards[name].set_stage(stage)

    def set_proof(self, proof: ProofValues) -> None:
        """Show a proof."""
        self.cards[proof.format].set_proof(proof)

    def set_unmade(self, name: str, sentence: str) -> None:
        """Say why a format could not be made."""
        self.cards[name].set_unmade(sentence)

    def end(self, stage: Stage) -> None:
        """What is not over ends at this stage."""
        for card in self.cards.values():
            if card.stage not in OVER:
                card.set_stage(stage)

    def count(self, stage: Stage) -> int:
        """How many formats are at this stage."""
        return sum(card.stage == stage for card in self.cards.values())
