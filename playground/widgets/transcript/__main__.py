"""The panel alone: `python -m playground.widgets.transcript [empty] [dark]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.transcript.panel import TranscriptPanel

_SCRIPT = '''"""A transcript of the console of PyTorch Playground."""

import torch
from torch import nn

# %%
a = torch.arange(12.0).view(3, 4)

# %%
# a.view(5)
# RuntimeError: shape '[5]' is invalid for input of size 12

# %%
optimizer.param_groups[0]["lr"] = 5e-4
'''


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = TranscriptPanel()
    panel.set_script("" if "empty" in words else _SCRIPT)
    panel.resize(520, 360)
    panel.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
