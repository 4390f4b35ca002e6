"""What a run is scored on: every split, with its targets as the loss takes them."""

from torch import Tensor, nn

from playground.engine.data.sets import DataSet, Split
from playground.engine.training.evaluation import evaluate
from playground.engine.training.events import Floats, Score
from playground.engine.training.history import History
from playground.engine.training.losses import LossFunction, prepare_targets
from playground.engine.training.metrics import mean_score
from playground.engine.training.spec import TrainingSpec


class Scoring:
    """The splits of a data set, ready to be scored.

    Attributes
    ----------
    targets : dict of str to Tensor
        For "train", and "validation" and "test" where there are any, the targets as the loss takes them.
    sum_over : int or None
        For a loss that sums over the batch: the size of a whole one, for which all scores are stated.
    """

    def __init__(self, training: TrainingSpec, dataset: DataSet) -> None:
        splits = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
        self._splits: dict[str, Split] = {name: split for name, split in splits.items() if split is not None}
        self.targets: dict[str, Tensor] = {
            name: prepare_targets(training.loss, dataset.facts, split.targets) for name, split in self._splits.items()
        }
        sums = training.loss.reduction == "sum"
        self.sum_over = min(training.batch_size, len(dataset.train)) if sums else None

    def evaluate(self, net: nn.Module, split: str, loss: LossFunction) -> Score | None:
        """Loss and accuracy over "train", "validation" or "test"; None where there is no such split."""
        data = self._splits.get(split)
        return evaluate(net, data, self.targets[split], loss, sum_over=self.sum_over) if data is not None else None

    def as_trained(self, history: History, sizes: Floats) -> Score:
        """The mean over an epoch's batches of these sizes, its last ones as far as the history reaches back."""
        known = min(len(history), len(sizes))
        losses, accuracies = (history.step_series(name)[-known:] for name in ("loss", "accuracy"))
        return mean_score(losses, accuracies, sizes[-known:], self.sum_over)
