#!/usr/bin/env python3
"""Kills runs for a time, at random instants, resumes them, and counts what went wrong; the first thing that does ends it.

Usage: torture.py BIN_DIR MINUTES [SEED]
"""
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))
from harness import Bench  # noqa: E402
from kills import Campaign  # noqa: E402


def main():
    bin_dir, minutes = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    ends = time.monotonic() + 60 * minutes
    told = time.monotonic() + 30
    runs = kills = resumptions = in_doubt = 0
    print(f"seed {seed}", flush=True)
    while time.monotonic() < ends:
        with tempfile.TemporaryDirectory(prefix="wfc-torture-") as folder:
            campaign = Campaign(Bench(bin_dir, folder), seed + runs)
            for _ in range(20):
                campaign.kill_one()
                runs += 1
        kills, resumptions, in_doubt = kills + campaign.kills, resumptions + campaign.resumptions, in_doubt + campaign.in_doubt
        if time.monotonic() > told:
            told += 30
            print(f"{runs} runs, {kills} kills so far", flush=True)
    print(f"{runs} runs, {kills} kills, {resumptions} resumptions, {in_doubt} calls in doubt: "
          "0 outputs differ, 0 unkeyed effects repeated, 0 children left")


main()
