"""What a result was computed with: Python, the libraries that matter for its numbers, and the system. No torch."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("torch", "torchvision", "numpy", "torch-playground")


def versions() -> dict[str, str]:
    """Versions by name, those of libraries that are not installed left out; "system" is the platform.

    A library that is loaded speaks for itself: torch names the build of CUDA that its package does not.
    """
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = str(getattr(sys.modules.get(name), "__version__", None) or version(name))
        except PackageNotFoundError:
            continue
    return {**found, "system": platform.platform()}
