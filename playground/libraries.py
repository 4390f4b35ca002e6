"""Which system libraries and programs the window needs on Linux, and the Debian packages that hold them.

Run as `python -m playground.libraries [screen]` it prints the packages that are missing; it needs only Python itself.
"""

import ctypes
import shutil
import sys
from collections.abc import Mapping

# What Qt's xcb platform and its OpenGL integration are linked against.
WINDOW: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
SCREEN: Mapping[str, str] = {"Xvfb": "xvfb", "xvfb-run": "xvfb", "xauth": "xauth"}


def missing_packages(*, screen: bool = False) -> list[str]:
    """Debian packages the window lacks here, sorted; with `screen` also those of a virtual screen.

    Always empty away from Linux, where the Qt wheels bring all they need.
    """
    if sys.platform != "linux":
        return []
    packages = {package for library, package in WINDOW.items() if not _loads(library)}
    if screen:
        packages |= {package for program, package in SCREEN.items() if shutil.which(program) is None}
    return sorted(packages)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing_packages(screen="screen" in sys.argv[1:])))
