#!/usr/bin/env python3
"""Runs every end-to-end test. Usage: run.py BIN_DIR [FILTER]; the last line is `N passed, N failed, N skipped`."""
import glob
import os
import re
import subprocess
import sys


def main():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [FILTER]")
    here = os.path.dirname(os.path.abspath(__file__))
    totals = [0, 0, 0]
    for script in sorted(glob.glob(os.path.join(here, "*_test.py"))):
        process = subprocess.run([sys.executable, script, *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=False)
        *lines, last = process.stdout.splitlines() or [""]
        counts = re.fullmatch(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", last)
        for line in lines if counts else [*lines, last, f"FAILED {os.path.basename(script)}: no counts"]:
            print(line)
        totals = [total + int(count or 0) for total, count in zip(totals, counts.groups())] if counts else [totals[0], totals[1] + 1, totals[2]]
    print("{} passed, {} failed, {} skipped".format(*totals))
    sys.exit(1 if totals[1] else 0)


if __name__ == "__main__":
    main()
