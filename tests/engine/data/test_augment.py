"""Augmentation: what each amount does, that zero does nothing, and that it is quick."""

import inspect
import math
import time

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

from playground.engine.data.augment import augment

BACKGROUND = -0.1307 / 0.3081


def block(batch=64):
    """A bright 8 x 8 square in the middle of 28 x 28."""
    images = torch.full((batch, 1, 28, 28), BACKGROUND)
    images[:, :, 10:18, 10:18] = 2.0
    return images


def brightness(images):
    return (images - BACKGROUND).flatten(1).sum(dim=1)


def centre(images):
    weight = (images - BACKGROUND)[:, 0]
    at = torch.arange(28.0) + 0.5
    total = weight.sum(dim=(1, 2))
    return torch.stack([(weight.sum(dim=1) * at).sum(1), (weight.sum(dim=2) * at).sum(1)], dim=1) / total[:, None]


def test_zero_amounts_give_the_images_back_and_draw_nothing():
    images, before = block(), torch.get_rng_state()
    assert augment(images, background=BACKGROUND) is images
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_seed_gives_the_same_images():
    amounts = {"rotation": 10, "shear": 5, "shift": 2, "scale": 0.1, "thickness": 1, "background": BACKGROUND}
    torch.manual_seed(4)
    first = augment(block(), **amounts)
    torch.manual_seed(4)
    assert torch.equal(augment(block(), **amounts), first)


def test_shift_moves_each_image_by_at_most_its_amount_and_differently():
    torch.manual_seed(0)
    moved = centre(augment(block(), shift=3, background=BACKGROUND)) - 14
    assert moved.abs().max() <= 3 + 1e-4
    assert moved.abs().max() > 2.5
    assert (moved.std(dim=0) > 1).all()


def test_scale_changes_the_area_by_its_square():
    torch.manual_seed(0)
    area = brightness(augment(block(), scale=0.2, background=BACKGROUND)) / brightness(block())
    assert 0.60 < area.min() < 0.75  # 0.8 ** 2 = 0.64
    assert 1.30 < area.max() < 1.48  # 1.2 ** 2 = 1.44


def test_rotation_and_shear_keep_the_area_and_the_centre():
    torch.manual_seed(0)
    for amounts in ({"rotation": 45}, {"shear": 20}):
        turned = augment(block(), **amounts, background=BACKGROUND)
        assert torch.allclose(brightness(turned), brightness(block()), rtol=0.03)  # bilinear sampling at the edges
        assert torch.allclose(centre(turned), torch.full((64, 2), 14.0), atol=0.02)
        assert not torch.allclose(turned, block(), atol=0.1)


def test_rotation_by_a_right_angle_is_that_of_the_plain_formula(monkeypatch):
    monkeypatch.setattr(torch, "rand", lambda *size, device=None: torch.ones(*size, device=device))
    images = torch.randn(2, 1, 28, 28)
    assert torch.allclose(augment(images, rotation=90), torch.rot90(images, 1, (2, 3)), atol=1e-4)


def test_rotation_does_not_stretch_a_wide_image(monkeypatch):
    monkeypatch.setattr(torch, "rand", lambda *size, device=None: torch.ones(*size, device=device))
    wide = torch.zeros(1, 1, 20, 40)
    wide[..., 5:15, 15:25] = 1.0
    assert torch.allclose(augment(wide, rotation=90), wide, atol=1e-4)


def test_thickness_blends_with_the_widest_and_the_thinnest_stroke():
    torch.manual_seed(0)
    images = block()
    changed = augment(images, thickness=2, background=BACKGROUND)
    widest = F.max_pool2d(images, 3, 1, 1)
    thinnest = -F.max_pool2d(-images, 3, 1, 1)
    assert (changed <= widest + 1e-5).all()
    assert (changed >= thinnest - 1e-5).all()
    area = brightness(changed) / brightness(images)
    assert area.max() > 1.3  # a side of 8 grows to 10: 1.56 at most
    assert area.min() < 0.75  # or shrinks to 6: 0.56 at least


def test_what_moves_in_from_beyond_the_edge_is_background():
    torch.manual_seed(0)
    empty = torch.full((8, 1, 28, 28), BACKGROUND)
    moved = augment(empty, shift=9, rotation=90, background=BACKGROUND)
    assert torch.equal(moved, empty)


def test_its_source_runs_with_torch_f_and_math_alone():
    namespace = {"torch": torch, "F": F, "math": math}
    exec(inspect.getsource(augment), namespace)
    torch.manual_seed(1)
    wanted = augment(block(4), rotation=5, thickness=1)
    torch.manual_seed(1)
    assert torch.equal(namespace["augment"](block(4), rotation=5, thickness=1), wanted)


def test_a_batch_is_augmented_in_a_few_milliseconds():
    images, best = block(128), math.inf
    for _ in range(20):
        start = time.perf_counter()
        augment(images, rotation=10, shear=5, shift=2, scale=0.1, thickness=1, background=BACKGROUND)
        best = min(best, time.perf_counter() - start)

    assert best < 0.010  # about 2 ms where nothing else runs
