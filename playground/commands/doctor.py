"""`doctor`: what this machine has, what is missing, and how to get it."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from playground.commands.output import say, say_json
from playground.doctor import Report, examine

HELP = "Say what this machine has, what the window lacks, and how to get it."


def add_arguments(parser: ArgumentParser) -> None:
    """What `doctor` takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Print the report: 0 where the window can open, 1 where it cannot."""
    report = examine()
    if arguments.json:
        say_json("done", **asdict(report))
    else:
        _say_report(report)
    return 0 if report.window.opens else 1


def _say_report(report: Report) -> None:
    window, torch = report.window, report.torch
    rows = {
        "system": report.system,
        "Python": report.python,
        **{name: version or "not installed" for name, version in report.versions.items()},
        "devices": ", ".join(torch.devices) or f"none: {torch.detail}",
        "threads": f"{torch.threads} of {report.cores} cores",
        "display": report.display or "none",
        "window": f"opens ({window.platform})" if window.opens else f"does not open: {window.detail}",
        "OpenGL": window.opengl or "none",
        "data folder": report.data_folder + ("" if report.data_folder_writable else " (cannot be written)"),
        "missing": " ".join(report.missing_packages) or "nothing",
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        say(f"{name:<{width}}  {value}")
    for sentence in report.advice:
        say(f"\n{sentence}")
