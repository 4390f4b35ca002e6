"""Where the playground keeps its own files: data sets, runs and recovery copies."""

import os
from pathlib import Path

import platformdirs

VARIABLE = "TORCH_PLAYGROUND_DATA"


def data_folder() -> Path:
    """The user's data folder (not created here); the environment's TORCH_PLAYGROUND_DATA goes first."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_data_path("torch-playground", appauthor=False)


def datasets_folder() -> Path:
    """Where downloaded data sets lie, laid out as torchvision does it."""
    return data_folder() / "datasets"
