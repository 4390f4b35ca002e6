"""Formats a model leaves in: what each can hold, and its file. One module a format or idea."""

from playground.engine.export.formats.described import preprocessing_of
from playground.engine.export.formats.refusing import refusal
from playground.engine.export.formats.wrapping import wrapped
from playground.engine.export.formats.writing import write

__all__ = ["preprocessing_of", "refusal", "wrapped", "write"]
