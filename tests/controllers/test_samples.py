"""The samples panel over the data: pages, mistakes after training, points in the plane, messages."""

from driving import SMALL, sentences, start_over, train, wait_until

from playground.engine import presets
from playground.engine.data.spec import Images
from playground.engine.document import replace
from playground.engine.training.spec import TrainingSpec

MNIST = replace(presets.preset("mnist-mlp"), "training", TrainingSpec(batch_size=1_000, epochs=1, device="cpu"))


def choose(combo, key):
    combo.setCurrentIndex(combo.findData(key))


def test_the_gallery_turns_pages_and_shows_the_mistakes_after_training(program):
    samples = program.window.samples
    start_over(program, MNIST)
    wait_until(lambda: samples.gallery.page is not None, "the first page")
    assert samples.filter.isEnabled() is False
    assert samples.footer.position.text().endswith("of 60,000")
    seen = samples.gallery.page.indices[-1]
    samples.footer.next.click()
    wait_until(lambda: samples.gallery.page.indices[0] > 0, "the next page")
    begin = samples.gallery.page.indices[0]
    assert begin <= seen + 1, "no sample is skipped"
    assert samples.footer.position.text().startswith(f"{begin + 1} to ")
    train(program, MNIST)
    choose(samples.split, "test")
    wait_until(
        lambda: samples.filter.isEnabled() and samples.footer.position.text().endswith("of 10,000"), "the answers"
    )
    choose(samples.filter, "mistakes")
    page = lambda: samples.gallery.page  # noqa: E731  # the page is replaced by another
    wait_until(lambda: len(page()) > 0 and all(map(page().is_mistake, range(len(page())))), "the mistakes")
    wrong = round(10_000 * (1 - program.run.history.epochs[-1].test.accuracy))
    assert samples.filter.itemText(1) == f"Mistakes ({wrong:,})"
    choose(samples.filter, "all")
    choose(samples.split, "train")
    assert sentences(program) == []


def test_the_range_the_net_sees_is_said(program):
    samples = program.window.samples
    start_over(program, MNIST)
    wait_until(lambda: samples.gallery.page is not None, "the first page")
    choose(samples.footer.range, "symmetric")
    assert "\N{MINUS SIGN}1…1" in samples.footer.ranges.text()
    choose(samples.footer.range, "unit")
    assert "0…1" in samples.footer.ranges.text()
    assert "0…255" in samples.footer.ranges.text()


def test_points_in_the_plane_get_the_decision_of_the_trained_net(program):
    scatter = program.window.samples.scatter
    wait_until(scatter.isVisible, "the points")
    train(program, SMALL)
    wait_until(scatter._decision.isVisible, "the decision")
    assert sentences(program) == []


def test_a_set_that_is_not_on_this_machine_is_said_in_the_panel(program, tmp_path):
    start_over(program, replace(SMALL, "data", Images(name="cifar10", folder=str(tmp_path))))
    samples = program.window.samples
    wait_until(lambda: "not on this machine" in samples.invitation.sentence.text(), "the message")
    assert sentences(program) == []
