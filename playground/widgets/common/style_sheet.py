"""The application's style sheet: what Fusion and the palette alone do not give."""

from collections.abc import Mapping
from typing import Any

_SHEET = """
QMainWindow::separator {{ background: {background}; width: 8px; height: 8px; }}
QMainWindow::separator:hover {{ background: {line}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenuBar {{ background: {background}; color: {text}; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {surface}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QToolBar {{ border: none; padding: 0 8px 0 0; margin: 0; spacing: 0; background: {background}; }}
QStatusBar {{ background: {background}; color: {muted}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: none; }}
*[card="whole"] {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
*[card="top"] {{ background: {surface}; border: 1px solid {line}; border-bottom: none;
    border-top-left-radius: 6px; border-top-right-radius: 6px; }}
*[card="bottom"] {{ background: {surface}; border: 1px solid {line}; border-top: none;
    border-bottom-left-radius: 6px; border-bottom-right-radius: 6px; }}
*[notice="true"] {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
QLabel[heading="true"] {{ font-weight: 600; color: {text}; }}
QLabel[muted="true"] {{ color: {muted}; }}
QLabel[tone="bad"] {{ color: {bad}; }}
QLabel[tone="warning"] {{ color: {warning}; }}
QLabel[tone="good"] {{ color: {good}; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 5px 12px; }}
QPushButton:hover {{ border-color: {accent}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:disabled {{ color: {muted}; background: {surface}; border-color: {line}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ border-color: {text}; }}
QPushButton[primary="true"]:disabled {{ background: {raised}; color: {muted}; border-color: {line}; }}
QPushButton[link="true"] {{ background: transparent; border: none; color: {accent}; padding: 2px 4px; }}
QPushButton[link="true"]:hover, QPushButton[link="true"]:focus {{ text-decoration: underline; }}
QPushButton[link="true"]:disabled {{ color: {muted}; }}
QToolButton {{ background: transparent; border: none; border-radius: 5px; padding: 3px; color: {text}; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:checked {{ background: {raised}; color: {accent}; }}
QToolButton:focus {{ border: 1px solid {accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QAbstractSpinBox, QPlainTextEdit {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 3px 6px;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit[bare="true"] {{ background: transparent; border: none; padding: 0; }}
QComboBox {{ background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 4px 8px; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url("{icons}/chevron-{scheme}.svg"); width: 10px; height: 10px; }}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {{ border-color: {accent}; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {muted}; background: {background}; }}
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"] {{ border-color: {bad}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 16px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url("{icons}/chevron-up-{scheme}.svg"); width: 8px; height: 8px; }}
QAbstractSpinBox::down-arrow {{ image: url("{icons}/chevron-{scheme}.svg"); width: 8px; height: 8px; }}
QComboBox QAbstractItemView {{ background: {surface}; border: 1px solid {line}; outline: none;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QAbstractItemView {{ background: {surface}; border: none; outline: none; alternate-background-color: {raised}; }}
QHeaderView {{ background: {surface}; border: none; }}
QHeaderView::section {{ background: {surface}; color: {muted}; border: none; border-bottom: 1px solid {line};
    padding: 4px 6px; }}
QTreeView::item, QTableView::item, QListView::item {{ padding: 3px 4px; }}
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {{
    background: {accent}; color: {on_accent}; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 3px;
    background: {surface}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{icons}/check-{scheme}.svg"); }}
QCheckBox::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator:disabled {{ border-color: {line}; }}
QProgressBar {{ background: {raised}; border: none; border-radius: 3px; max-height: 6px; text-align: center; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSlider::groove:horizontal {{ height: 4px; background: {raised}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {accent}; width: 14px; margin: -5px 0; border-radius: 7px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTabBar::tab {{ background: transparent; color: {muted}; padding: 5px 12px; border: none;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QSplitter::handle {{ background: {background}; }}
"""


def style_sheet(colors: Mapping[Any, str], icons: str, scheme: str) -> str:
    """The style sheet filled with the palette's colours; `icons` is the folder of the small arrows."""
    return _SHEET.format(icons=icons, scheme=scheme, **colors)
