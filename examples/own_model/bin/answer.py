"""Stands between wfc and a model of your own.

Standard input: {"with": {...}, "system": "...", "prompt": "...", "schema": {...}}. Standard output: the answer, as JSON that
fits the schema. Replace `ask` by a call to your model: its command line, a local server, a library.
"""

import collections
import json
import pathlib
import sys


def ask(request):
    """A stand-in that needs no model: it counts the kinds of files."""
    kinds = collections.Counter(pathlib.PurePath(path).suffix or "(none)" for path in request["with"]["files"])
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(3))
    return {"summary": f"A folder with {sum(kinds.values())} files, most of them {listed}.", "confidence": "low"}


json.dump(ask(json.load(sys.stdin)), sys.stdout)
