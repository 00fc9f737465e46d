"""Has pandas and spaCy load the words of an edition as docs/data.md says.

    python corpus_read.py docs/data.md FOLDER

Runs in an environment that has both. FOLDER is ``build/data``. On standard output: JSON, the number of rows
that pandas has and the text that spaCy has.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]
os.chdir(folder)
names = {}
examples = [
    code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "pandas" in code
]
for code in examples:
    exec(code, names)  # the project's own page
json.dump(
    {"examples": len(examples), "rows": len(names["words"]), "text": names["doc"].text}, sys.stdout
)
