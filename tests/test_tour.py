"""The tour drives the real window from the first paint to a saved model, in a process of its own."""

import subprocess
import sys

import pytest
from PIL import Image

from playground.tour import SIZE

PICTURES = (
    "0-first-paint", "1-training", "1-under-way", "2-gallery", "3-digit", "4-dark", "5-notice", "6-small",
    "7-network", "8-misfit", "8-repairs", "9-descent", "10-basins", "10-basins-in-dark", "11-tensors",
    "12-export", "13-saving",
)  # fmt: skip
LONGEST_S = 570


@pytest.mark.timeout(LONGEST_S + 20)
def test_the_tour_goes_through_all_its_stages_and_leaves_a_picture_of_each(tmp_path):
    out = tmp_path / "Bilder der Tour"
    command = [sys.executable, "-m", "playground", "tour", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "QThread" not in done.stderr
    assert sorted(path.stem for path in out.glob("*.png")) == sorted(PICTURES)
    pictures = {name: Image.open(out / f"{name}.png").convert("RGB") for name in PICTURES}
    assert pictures["0-first-paint"].size == SIZE
    assert all(len(picture.getcolors(2**24)) > 100 for picture in pictures.values())
    brightness = {name: sum(picture.resize((1, 1)).getpixel((0, 0))) for name, picture in pictures.items()}
    assert brightness["4-dark"] < brightness["3-digit"] / 2
    assert brightness["10-basins-in-dark"] < brightness["10-basins"] / 2
    assert (out / "tour.playground").exists()
    assert (out / "tour.safetensors").exists()
