"""What runs in the browser, and its Python side: plain data that small JavaScript modules draw and compute with."""

from browser.descents import program
from browser.notebook import live

__all__ = ["live", "program"]
