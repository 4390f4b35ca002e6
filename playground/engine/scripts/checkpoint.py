"""The checkpoint of a program, written after each epoch, and the bar it shows meanwhile, as source text."""

from textwrap import indent

_CHECKPOINT = '''\
CHECKPOINT = f"{{OUT}}.checkpoint"
GENERATORS = [torch] if DEVICE == "cpu" else [torch, torch.get_device_module(DEVICE)]


def save_checkpoint(epochs_done):
    """Everything that decides how the run goes on."""
    checkpoint = {{
        "epochs_done": epochs_done,
        "losses": losses,
        "net": net.state_dict(),
        "optimizer": optimizer.state_dict(),
{saved_schedule}        "generators": [each.get_rng_state() for each in GENERATORS],
    }}
    torch.save(checkpoint, f"{{CHECKPOINT}}.new")
    os.replace(f"{{CHECKPOINT}}.new", CHECKPOINT)  # so that a crash leaves the one before whole


def load_checkpoint():
    """Go back to where the checkpoint was written; gives the epochs done and their losses."""
{load}'''

_LOAD = """\
    checkpoint = torch.load(CHECKPOINT, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    optimizer.load_state_dict(checkpoint["optimizer"])
{loaded_schedule}    for each, state in zip(GENERATORS, checkpoint["generators"]):
        each.set_rng_state(state)
    return checkpoint["epochs_done"], checkpoint["losses"]
"""

_LOAD_OR_REFUSE = """\
    try:
{load}    except FileNotFoundError:
        refuse(f"There is no checkpoint {{CHECKPOINT}} to go on from; leave --resume out.")
    except Exception as error:
        why = (str(error) or type(error).__name__).splitlines()[0]
        refuse(f"{{CHECKPOINT}} is damaged, or not of this program: {{why}}")
"""

_SAVED_SCHEDULE = '        "scheduler": scheduler.state_dict(),\n'
_LOADED_SCHEDULE = '    scheduler.load_state_dict(checkpoint["scheduler"])\n'

_PROGRESS = '''\
def with_progress(batches):
    """The batches in turn, with a bar{where}."""
{quiet}    try:
        for number, rows in enumerate(batches):
            if number % math.ceil(len(batches) / 40) == 0:
                bar = "#" * (40 * number // len(batches))
                print(f"[{{bar:<40}}] {{number}}/{{len(batches)}}", end="\\r", file=sys.stderr, flush=True)
            yield rows
    finally:
        print(" " * 60, end="\\r", file=sys.stderr, flush=True)
'''

_QUIET = """\
    if RANK > 0 or not sys.stderr.isatty():
        yield from batches
        return
"""


def checkpoint_code(*, scheduled: bool, notebook: bool = False) -> str:
    """The functions `save_checkpoint(epochs_done)` and `load_checkpoint()`; `scheduled`: there is a scheduler."""
    load = _LOAD.format(loaded_schedule=_LOADED_SCHEDULE if scheduled else "")
    if not notebook:
        load = _LOAD_OR_REFUSE.format(load=indent(load, "    "))
    return _CHECKPOINT.format(saved_schedule=_SAVED_SCHEDULE if scheduled else "", load=load)


def progress_code(*, notebook: bool) -> str:
    """The function `with_progress(batches)`; a notebook always shows its bar."""
    return _PROGRESS.format(where="" if notebook else " on the terminal", quiet="" if notebook else _QUIET)
