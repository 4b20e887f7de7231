#!/usr/bin/env python3
"""Modes and grants at run time: what is pretended, what is refused, also when the plan was tampered with."""
import ctypes
import json
import os

import boxes
from boxes import Skipped, case, check_audit

HEADER = 64


def checksum(plan):
    """As backend-runtime/plan/header.h defines it."""
    try:
        library = ctypes.CDLL("libxxhash.so.0")
    except OSError as error:
        raise Skipped(f"needs libxxhash.so.0: {error}") from error
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    rest = library.XXH3_64bits(plan[HEADER:], len(plan) - HEADER)
    return library.XXH3_64bits(plan[:24] + plan[32:HEADER] + rest.to_bytes(8, "little"), HEADER)


def tamper(path, old, new):
    """Replaces bytes of a plan by others of the same length, and makes the checksum fit."""
    with open(path, "rb") as file:
        plan = file.read()
    assert len(old) == len(new) and plan.count(old) == 1, f"{plan.count(old)} times {old}"
    plan = plan.replace(old, new)
    plan = plan[:24] + checksum(plan).to_bytes(8, "little") + plan[32:]
    with open(path, "wb") as file:
        file.write(plan)


def effects(box):
    box.workflow("""
      write: {tool: fs.write, with: {path: out/a.txt, text: hello}}
      make: {run: [touch, made], writes: [made], returns: {enum: [first, second]}}
      send: {tool: send, with: {text: hi}}
      read: {run: [cat, wfc.yaml], effect: read, returns: string}
      use: {transform: "${stages.send.output} ${stages.make.output}"}""",
                 allow='{exec: ["*"], fs.read: ["**"], fs.write: ["**"]}', output='["${stages.use.output}", "${size(stages.read.output) > 10}"]',
                 top="""tools:
  send: {command: [touch, sent], input: {fields: {text: string}}, returns: string, effect: send, timeout: 5s, dry_run: pretended}""")


@case
def dry_run_performs_no_effect(box):
    effects(box)
    before = sorted(os.listdir(box.project_folder))
    run = box.run("--dry-run").expect(0)
    assert json.loads(run.stdout) == ["pretended first", True], run.stdout
    assert sorted(os.listdir(box.project_folder)) == before
    assert run.manifest["mode"] == "dry_run"
    assert {each["stage"]: each["simulated"] for each in run.manifest["stages"]} == {
        "write": True, "make": True, "send": True, "read": False, "use": False}
    assert json.loads(box.run("--mode", "dry_run").expect(0).stdout) == ["pretended first", True]


@case
def what_dry_run_yields_is_also_what_was_printed(box):
    box.workflow("""
      one: {run: [echo, '{"x": 6}'], parse: json, dry_run: {x: 5}, effect: write}
      rows: {run: [printf, '1\\n[2]\\n'], parse: jsonl, dry_run: [{y: 3}, 4], effect: write}
      lines: {run: [printf, 'a\\nb\\n'], parse: lines, dry_run: [c, d], effect: write}""", allow="{exec: [echo, printf]}",
                 output='["${parse_json(stages.one.stdout).x}", "${stages.rows.stdout}", "${stages.lines.stdout}"]')
    assert json.loads(box.run().expect(0).stdout) == [6, "1\n[2]\n", "a\nb\n"]
    assert json.loads(box.run("--dry-run").expect(0).stdout) == [5, '{"y":3}\n4\n', "c\nd\n"]


@case
def the_mode_is_read_in_expressions(box):
    box.workflow("""
      a: {transform: "${run.mode}"}""", output="${stages.a.output}")
    assert box.run().expect(0).stdout == "implement\n"
    assert box.run("--dry-run").expect(0).stdout == "dry_run\n"


@case
def a_mode_that_forbids_refuses_at_run_time(box):
    """The compiler refuses this project; a plan whose mode was changed is refused when it acts."""
    box.workflow("""
      make: {run: [touch, made], writes: [made], effect: write}""", allow='{exec: [touch], fs.write: [made]}')
    plan = box.compile()
    box.run_plan(plan).expect(0)
    os.remove(box.path("made"))
    run = box.run_plan(plan, "--mode", "analysis_only")
    assert run.code == 2 and "analysis_only" in run.stderr, run.stderr
    assert not os.path.exists(box.path("made"))


@case
def a_plan_whose_grants_were_changed_is_denied_when_it_acts(box):
    box.workflow("""
      write: {tool: fs.write, with: {path: granted/here.txt, text: hello}}""", allow='{fs.write: ["granted/**"]}')
    plan = box.compile()
    box.run_plan(plan).expect(0)
    os.remove(box.path("granted/here.txt"))
    tamper(plan, b"granted/**", b"another/**")
    run = box.run_plan(plan).expect(1)
    assert run.error("write")["code"] == "denied", run.error("write")
    assert not os.path.exists(box.path("granted/here.txt"))
    refused = [each for each in check_audit(run.text("audit.jsonl")) if not each["allowed"]]
    assert [(each["capability"], each["subject"]) for each in refused] == [("fs.write", "granted/here.txt")], refused


@case
def a_command_whose_grant_was_changed_is_denied(box):
    box.workflow("""
      make: {run: ["${'tou' + 'ch'}", made], writes: [made]}""", allow='{exec: [touch], fs.write: [made]}')
    plan = box.compile()
    tamper(plan, b"touch", b"tooch")
    run = box.run_plan(plan).expect(1)
    assert run.error("make")["code"] == "denied", run.error("make")
    assert not os.path.exists(box.path("made"))


@case
def a_scope_of_a_stage_shrinks_what_it_may_do(box):
    box.write("src/a", "a")
    box.write("docs/b", "b")
    box.workflow("""
      narrow: {tool: fs.read, with: {path: "${input.path}"}, capabilities: {allow: {fs.read: ["src/**"]}}}
      wide: {tool: fs.read, with: {path: "${input.path}"}, on_error: continue}""",
                 allow='{fs.read: ["**"]}', more="    input: {fields: {path: string}}", output="${stages.wide.status}")
    box.run("-i", "path=src/a").expect(0)
    run = box.run("-i", "path=docs/b").expect(1)
    assert run.error("narrow")["code"] == "denied"


boxes.main()
