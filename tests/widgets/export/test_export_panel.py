"""The export window, as a person uses it: what can be chosen, what is said beforehand, and how a proof reads."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from playground.widgets.common.theme import theme
from playground.widgets.export.values import (
    BatchProofValues,
    FormatChoice,
    ProofValues,
    Refusals,
    SourceChoice,
    Wish,
)
from playground.widgets.export.window import ExportWindow

CHOICES = (
    FormatChoice("safetensors", "safetensors", ".safetensors", "Weights that cannot run code.", has_graph=False),
    FormatChoice("onnx", "ONNX", ".onnx", "For other runtimes."),
    FormatChoice("torchscript", "TorchScript", ".torchscript", "For old programs.", is_legacy=True),
)
RUN = SourceChoice("run", "The run's net as it is now", "354 steps · test accuracy 88.77 %")
UNTRAINED = SourceChoice("document", "The document's net, untrained", "Not trained yet.")
MISFIT = "TorchScript cannot hold FractionalMaxPool2d."
HALVES = "At batch 2 the outputs differ by up to 0.31; 1e-05 is allowed."


@pytest.fixture
def window(qtbot):
    """The window with three formats, of which two are ticked, and two nets."""
    window = ExportWindow()
    qtbot.addWidget(window)
    window.set_formats(CHOICES, ("safetensors", "onnx"))
    window.set_sources((RUN, UNTRAINED))
    window.set_target("/models", "mnist")
    with qtbot.waitExposed(window):
        window.show()
    return window


def proof(name="onnx", *, passed=True):
    """Exact at batch 1; elsewhere off by little, or by much."""
    differences = (0.0, 1.19e-7, 2.38e-7) if passed else (0.0, 0.31, 0.46)
    return ProofValues(
        format=name,
        path=f"/models/mnist.{name}{'' if passed else '.failed'}",
        sha256="ab" * 32,
        size=876_544,
        passed=passed,
        detail="The outputs agree." if passed else HALVES,
        notes=("The net is not trained yet.",),
        data="test data of MNIST",
        samples=1000,
        batches=tuple(BatchProofValues(*pair) for pair in zip((1, 2, 1000), differences, strict=True)),
        tolerance=1e-5,
        accuracy_net=0.8877,
        accuracy_export=0.8877 if passed else 0.1135,
        latency_1=0.031,
        latency_64=0.214,
        runtime="onnxruntime",
        versions={"onnxruntime": "1.24", "python": "3.11"},
    )


def box(window, name):
    return window.form.formats.findChild(object, f"export_format_{name}")


def card(window, name="onnx"):
    return window.proofs.cards[name]


def lines(widget):
    """Every text that a widget and what is in it show."""
    return "\n".join(each.text() for each in widget.findChildren(object) if hasattr(each, "text"))


def test_the_wish_is_what_is_ticked_and_written(qtbot, window):
    box(window, "onnx").click()
    box(window, "torchscript").click()
    window.form.softmax.click()
    window.form.name.setText(" net ")
    with qtbot.waitSignal(window.export_requested) as request:
        qtbot.mouseClick(window.export, Qt.MouseButton.LeftButton)
    wanted = Wish("run", ("safetensors", "torchscript"), False, True, "/models", "net")
    assert request.args == [wanted]


def test_every_change_is_told(qtbot, window):
    rename = partial(window.form.name.setText, "other")
    for change in (window.form.normalise.click, box(window, "onnx").click, rename):
        with qtbot.waitSignal(window.wished) as told:
            change()
        assert told.args == [window.form.wish()]


def test_a_legacy_format_says_so(window):
    assert "legacy" in box(window, "torchscript").text()
    assert "legacy" not in box(window, "onnx").text()


def test_each_net_says_how_far_it_is_trained(window):
    assert RUN.line in lines(window.form)
    window.form.source.setCurrentIndex(1)
    window.form.source.activated.emit(1)
    assert UNTRAINED.line in lines(window.form)
    assert window.form.wish().source == "document"


def test_the_net_chosen_stays_when_the_nets_are_told_anew(window):
    window.form.source.set_value("document")
    window.set_sources((SourceChoice("run", "Another run", "1 step"), UNTRAINED))
    assert window.form.wish().source == "document"
    window.set_sources((RUN,))
    assert window.form.wish().source == "run"


def test_a_format_that_cannot_hold_the_net_says_why_and_is_not_wished_for(window):
    box(window, "torchscript").click()
    window.set_refusals(Refusals({"torchscript": MISFIT}))
    assert not box(window, "torchscript").isEnabled()
    assert box(window, "torchscript").toolTip() == MISFIT
    assert MISFIT in lines(window.form.formats)
    assert "torchscript" not in window.form.wish().formats
    window.set_refusals(Refusals())
    assert "torchscript" in window.form.wish().formats


def test_weights_alone_take_nothing_inside(window):
    window.form.normalise.click()
    assert "does not go into safetensors" in window.form.inside_line.text()
    assert window.form.wish().normalise
    box(window, "onnx").click()
    assert not window.form.normalise.isEnabled()
    assert not window.form.wish().normalise
    assert "Weights alone hold no program" in window.form.inside_line.text()
    assert "Weights alone hold no program" in window.form.normalise.toolTip()


def test_an_option_the_net_does_not_allow_says_why(window):
    window.set_refusals(Refusals(softmax="The net ends in Softmax already."))
    assert not window.form.softmax.isEnabled()
    assert window.form.normalise.isEnabled()
    assert window.form.inside_line.text() == "The net ends in Softmax already."


def test_what_will_be_replaced_is_said_and_what_is_in_the_way_disables_the_button(window):
    window.say_target("Writes mnist.onnx.\n⚠ It is there already.")
    assert "⚠" in window.form.target_line.text()
    assert window.export.isEnabled()
    window.say_target("", "Choose a format.")
    assert not window.export.isEnabled()
    assert window.line.text() == "Choose a format."


def test_an_export_under_way_shows_each_format_and_can_be_cancelled(qtbot, window):
    window.begin(("safetensors", "onnx"))
    window.set_stage("safetensors", "converting", 0.25)
    assert card(window, "safetensors").verdict() == "converting"
    assert window.bar.value() == 250
    assert card(window, "onnx").verdict() == "waiting"
    assert not window.export.isVisible()
    with qtbot.waitSignal(window.cancel_requested):
        qtbot.mouseClick(window.cancel, Qt.MouseButton.LeftButton)
    window.end()
    assert {each.stage for each in window.proofs.cards.values()} == {"cancelled"}
    assert not window.cancel.isVisible()
    assert not window.bar.isVisible()


def test_the_bar_only_moves_until_the_first_part_is_over(window):
    window.begin(("safetensors",))
    window.set_stage("safetensors", "reading", 0.0)
    assert window.bar.maximum() == 0
    window.set_stage("safetensors", "converting", 0.2)
    assert (window.bar.value(), window.bar.maximum()) == (200, 1000)


def test_keys_go_to_cancel_and_then_to_the_settings(qtbot, window):
    window.activateWindow()
    window.export.setFocus()
    qtbot.waitUntil(window.export.hasFocus)
    window.begin(("onnx",))
    assert window.cancel.hasFocus()
    window.set_proof(proof())
    window.end()
    assert window.turn.hasFocus()


def test_no_second_export_starts_while_one_runs(qtbot, window):
    window.begin(("onnx",))
    qtbot.mouseClick(window.turn, Qt.MouseButton.LeftButton)
    assert not window.shows_proofs
    assert not window.export.isEnabled()
    assert "under way" in window.line.text()
    qtbot.mouseClick(window.turn, Qt.MouseButton.LeftButton)
    assert window.shows_proofs
    window.end()
    window.show_settings()
    assert window.export.isEnabled()


def test_the_format_under_way_is_in_sight(qtbot, window):
    window.resize(window.minimumSize())
    window.begin(("safetensors", "onnx", "torchscript"))
    window.set_proof(proof("safetensors"))
    window.set_proof(proof("onnx"))
    window.set_stage("torchscript", "reading", 0.6)
    qtbot.waitUntil(lambda: card(window, "torchscript").y() > window.height())
    qtbot.waitUntil(lambda: not card(window, "torchscript").visibleRegion().isEmpty())


def test_a_passed_proof_says_what_was_measured(window):
    window.begin(("onnx",))
    window.set_proof(proof())
    window.end()
    said = lines(card(window))
    assert card(window).verdict() == "proof passed"
    for part in (
        "/models/mnist.onnx", "0 at batch 1", "1.2e-07 at batch 2", "2.4e-07 at batch 1,000", "allowed 1e-05",
        "net 88.77 %", "export 88.77 %", "0.031 ms at batch 1", "0.214 ms at batch 64", "onnxruntime",
        "1,000 samples: test data of MNIST", "onnxruntime 1.24 · python 3.11", "876.5 kB", "not trained yet",
    ):  # fmt: skip
        assert part in said, part
    assert card(window).detail.isHidden()
    assert window.line.text() == "1 of 1 passed"


def test_a_failed_proof_says_what_differs_and_where_the_file_is(window):
    window.begin(("safetensors", "onnx"))
    window.set_proof(proof("safetensors"))
    window.set_proof(proof(passed=False))
    window.end()
    assert "failed" in card(window).word.text()
    assert card(window).detail.text() == HALVES
    assert card(window).path.text() == "/models/mnist.onnx.failed"
    assert window.line.text() == "1 of 2 passed · 1 failed"


def test_a_format_that_could_not_be_made_says_why(window):
    window.begin(("safetensors", "torchscript"))
    window.set_unmade("torchscript", MISFIT)
    assert card(window, "torchscript").detail.text() == MISFIT
    assert card(window, "torchscript").verdict() == "not made"
    assert not card(window, "torchscript").copy.isVisible()
    window.fail("The disk is full.")
    assert "The disk is full." in window.message.text()
    assert {each.verdict() for each in window.proofs.cards.values()} == {"not made"}


def test_what_does_not_apply_is_left_out(window):
    window.begin(("onnx",))
    bare = dict.fromkeys(("accuracy_net", "accuracy_export", "latency_1", "latency_64"))
    whole = proof()
    fields = {name: getattr(whole, name) for name in ProofValues.__slots__}
    window.set_proof(ProofValues(**{**fields, **bare}))
    assert "Accuracy" not in lines(card(window))
    assert "Latency" not in lines(card(window))


def test_copy_takes_the_proof_as_text(qtbot, window):
    window.begin(("onnx",))
    window.set_proof(proof(passed=False))
    qtbot.mouseClick(card(window).copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("ONNX: proof failed")
    for part in (HALVES, "/models/mnist.onnx.failed", "ab" * 32, "0.31 at batch 2", "not trained yet"):
        assert part in copied


def test_show_folder_hands_the_path_on(qtbot, window):
    window.begin(("onnx",))
    window.set_proof(proof())
    with qtbot.waitSignal(window.folder_requested) as request:
        qtbot.mouseClick(card(window).show_folder, Qt.MouseButton.LeftButton)
    assert request.args == ["/models/mnist.onnx"]


def test_browsing_begins_where_the_folder_is(qtbot, window):
    with qtbot.waitSignal(window.browse_requested) as request:
        qtbot.mouseClick(window.form.browse, Qt.MouseButton.LeftButton)
    assert request.args == ["/models"]


def test_the_model_card_is_asked_for_cancelled_and_opened_by_its_row(qtbot, window):
    row = window.card
    with qtbot.waitSignal(row.requested):
        qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    row.set_progress(0.4)
    assert "40 %" in row.line.text()
    with qtbot.waitSignal(row.cancel_requested):
        qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    row.set_written("/models/mnist.html")
    assert row.line.text() == "/models/mnist.html"
    with qtbot.waitSignal(row.open_requested) as request:
        qtbot.mouseClick(row.open, Qt.MouseButton.LeftButton)
    assert request.args == ["/models/mnist.html"]
    row.set_idle()
    assert not row.open.isVisible()


def test_the_next_export_forgets_the_proofs_before(window):
    window.begin(("onnx",))
    window.set_proof(proof())
    window.end()
    window.show_message("The disk is full.")
    window.begin(("safetensors",))
    assert list(window.proofs.cards) == ["safetensors"]
    assert not window.message.isVisible()


def test_the_signs_follow_the_theme(window):
    window.begin(("onnx",))
    window.set_proof(proof())
    before = card(window).grab().toImage()
    try:
        theme.choose("dark" if not theme.is_dark else "light")
        assert card(window).grab().toImage() != before
    finally:
        theme.choose("system")


def test_it_fits_a_small_screen(window):
    assert window.minimumSizeHint().width() <= window.minimumWidth() <= 1024
    assert window.minimumSizeHint().height() <= window.minimumHeight() <= 700


def test_tab_goes_through_the_settings_from_the_top(window):
    order = [window.form.source]
    while order[-1] is not window.export:
        order.append(order[-1].nextInFocusChain())
    names = [each.objectName() for each in order]
    boxes = [f"export_format_{choice.name}" for choice in CHOICES]
    wanted = ["export_source", *boxes, "export_normalise", "export_name", "export_browse", "export_card"]
    assert [name for name in names if name in wanted] == wanted


def test_tab_goes_through_the_proofs_before_the_buttons_below(window):
    window.begin(("safetensors", "onnx"))
    order = [card(window, "safetensors").copy]
    while order[-1] is not window.cancel:
        order.append(order[-1].nextInFocusChain())
    for later in (card(window).copy, window.card.button, window.turn):
        assert later in order


def test_what_keeps_a_card_from_being_written_disables_its_button(window):
    window.card.set_obstacle(MISFIT)
    assert not window.card.button.isEnabled()
    assert window.card.button.toolTip() == MISFIT
    window.card.set_progress(0.5)
    assert window.card.button.isEnabled()
    window.card.set_idle()
    assert not window.card.button.isEnabled()
    window.card.set_obstacle("")
    assert window.card.button.isEnabled()


def test_return_presses_cancel_which_has_the_focus(qtbot, window):
    window.show()
    window.begin(["onnx"])
    with qtbot.waitSignal(window.cancel_requested):
        qtbot.keyClick(window.cancel, Qt.Key.Key_Return)
