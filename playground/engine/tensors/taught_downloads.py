"""Notes on data sets and weights that would have to be fetched."""

import re

from playground.engine.tensors.taught_failure import Failure

_DATA = re.compile(r"Error downloading|Dataset not found|not found or corrupted", re.IGNORECASE)
_NETWORK = re.compile(r"urlopen error|Name or service not known|name resolution|getaddrinfo|timed out")


def download(failure: Failure) -> str:
    """A data set that is not here, or a download without a network."""
    if not isinstance(failure.error, RuntimeError | OSError):
        return ""
    has_network = not _NETWORK.search(failure.message)
    if _DATA.search(failure.message):
        reason = "The data set is not in that folder." if has_network else "The network was not reached."
        return f"{reason} {_at_hand(failure)}".strip()
    if has_network or "weights" not in failure.text:
        return ""
    return "The network was not reached. weights=None makes the same net, with random weights."


def _at_hand(failure: Failure) -> str:
    """The data that needs no download."""
    if "train_db" not in failure.names:
        return ""
    return (
        f"train_db is here without a download ({failure.names['train_db']}), and so is test_db where there is one; "
        "train_loader goes through it in batches."
    )
