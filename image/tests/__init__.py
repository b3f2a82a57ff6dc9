"""The tests of image/; the path of our own app is the bench's, which has a .pth file for it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "shopify_books"))
