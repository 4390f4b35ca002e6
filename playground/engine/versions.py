"""What a result was computed with: Python, the libraries that matter for its numbers, and the system. No torch."""

import platform
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("torch", "torchvision", "numpy", "torch-playground")


def versions() -> dict[str, str]:
    """Versions by name, those of libraries that are not installed left out; "system" is the platform."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return {**found, "system": platform.platform()}
