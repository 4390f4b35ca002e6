"""One table of actions: the menus, the shortcuts and the command palette are made from it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

Key = QKeySequence.StandardKey
FALLBACKS: dict[Key | str, str] = {Key.FullScreen: "F11"}  # for platforms that name no key of their own


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # Qt's own is typed to give an object
    """Mark a text for lupdate; `_tr` translates it when there is an application."""
    return text


@dataclass(frozen=True)
class Entry:
    """An action: its name in the code, its place, its text and its keys."""

    name: str
    menu: str
    text: str
    keys: Key | str | None = None
    tip: str = ""
    checkable: bool = False
    separated: bool = False


MENUS = (
    ("file", QT_TRANSLATE_NOOP("actions", "&File")),
    ("edit", QT_TRANSLATE_NOOP("actions", "&Edit")),
    ("view", QT_TRANSLATE_NOOP("actions", "&View")),
    ("run", QT_TRANSLATE_NOOP("actions", "&Run")),
    ("help", QT_TRANSLATE_NOOP("actions", "&Help")),
)

TABLE = (
    Entry("new", "file", QT_TRANSLATE_NOOP("actions", "&New"), Key.New),
    Entry("open", "file", QT_TRANSLATE_NOOP("actions", "&Open…"), Key.Open),
    Entry("save", "file", QT_TRANSLATE_NOOP("actions", "&Save"), Key.Save, separated=True),
    Entry("save_as", "file", QT_TRANSLATE_NOOP("actions", "Save &as…"), "Ctrl+Shift+S"),
    Entry("open_model", "file", QT_TRANSLATE_NOOP("actions", "Open &model…"), "Ctrl+Shift+O", separated=True),
    Entry("import_weights", "file", QT_TRANSLATE_NOOP("actions", "&Import weights…")),
    Entry("save_model", "file", QT_TRANSLATE_NOOP("actions", "Save mo&del…"), "Ctrl+Alt+S"),
    Entry("export", "file", QT_TRANSLATE_NOOP("actions", "&Export…"), "Ctrl+E"),
    Entry("model_card", "file", QT_TRANSLATE_NOOP("actions", "Model &card…")),
    Entry("quit", "file", QT_TRANSLATE_NOOP("actions", "&Quit"), Key.Quit, separated=True),
    Entry("show_code", "view", QT_TRANSLATE_NOOP("actions", "Show &code"), "Ctrl+K", separated=True),
    Entry("palette", "view", QT_TRANSLATE_NOOP("actions", "Find a co&mmand…"), "Ctrl+Shift+P"),
    Entry(
        "theme_system", "view", QT_TRANSLATE_NOOP("actions", "Colours as the s&ystem"), checkable=True, separated=True
    ),
    Entry("theme_light", "view", QT_TRANSLATE_NOOP("actions", "&Light colours"), checkable=True),
    Entry("theme_dark", "view", QT_TRANSLATE_NOOP("actions", "&Dark colours"), checkable=True),
    Entry("workspace_train", "view", QT_TRANSLATE_NOOP("actions", "Workspace &Train"), "Ctrl+1", separated=True),
    Entry("workspace_descent", "view", QT_TRANSLATE_NOOP("actions", "Workspace D&escent"), "Ctrl+2"),
    Entry("workspace_tensors", "view", QT_TRANSLATE_NOOP("actions", "Workspace Tens&ors"), "Ctrl+3"),
    Entry("workspace_digits", "view", QT_TRANSLATE_NOOP("actions", "Workspace D&igits"), "Ctrl+4"),
    Entry("workspace_network", "view", QT_TRANSLATE_NOOP("actions", "Workspace &Network"), "Ctrl+5"),
    Entry("reset_layout", "view", QT_TRANSLATE_NOOP("actions", "Put all panels &back"), separated=True),
    Entry("full_screen", "view", QT_TRANSLATE_NOOP("actions", "&Full screen"), Key.FullScreen, checkable=True),
    Entry("train", "run", QT_TRANSLATE_NOOP("actions", "&Train or pause"), "F5"),
    Entry("step_batch", "run", QT_TRANSLATE_NOOP("actions", "Step one &batch"), "F10"),
    Entry("step_epoch", "run", QT_TRANSLATE_NOOP("actions", "Step one &epoch"), "Shift+F10"),
    Entry("stop", "run", QT_TRANSLATE_NOOP("actions", "&Stop and keep"), "Shift+F5"),
    Entry("measure", "run", QT_TRANSLATE_NOOP("actions", "Time this &machine"), separated=True),
    Entry("about", "help", QT_TRANSLATE_NOOP("actions", "&About PyTorch Playground")),
)


class Actions(QObject):
    """The table as QActions, by name."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = {entry.name: self._make(entry) for entry in TABLE}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Every action, in the order of the table."""
        return list(self._actions.values())

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus, and give them by name."""
        menus = {}
        for name, title in MENUS:
            menu = bar.addMenu(_tr(title))
            menu.setObjectName(f"menu_{name}")
            for entry in TABLE:
                if entry.menu == name:
                    if entry.separated:
                        menu.addSeparator()
                    menu.addAction(self[entry.name])
            menus[name] = menu
        return menus

    def _make(self, entry: Entry) -> QAction:
        action = QAction(_tr(entry.text), self)
        action.setObjectName(f"action_{entry.name}")
        action.setCheckable(entry.checkable)
        if entry.keys is not None:
            keys = QKeySequence(entry.keys)
            action.setShortcut(QKeySequence(FALLBACKS.get(entry.keys, "")) if keys.isEmpty() else keys)
        return action


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)
