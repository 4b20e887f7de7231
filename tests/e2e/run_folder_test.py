#!/usr/bin/env python3
"""What a run leaves behind: the folder, the manifest by its schema, the logs.

Usage: run_folder_test.py BIN_DIR [FILTER]
"""
import hashlib
import json
import os
import re

from harness import ROOT, case, check, contains, equal, main, read, run_folders

MIXED = """
    good: {run: [echo, hi], effect: read}
    tried: {run: [sh, -c, "exit 2"], effect: read, retry: {max: 1, on: [exit], backoff: {initial: 1ms}}, on_error: continue}
    saved: {fail: broken, on_error: {fallback: {transform: "${error.message}"}}}
    off: {if: run.seed == -1, transform: x}
    pick: {decide: "'a'", routes: {a: [one], b: [two]}}
    one: {transform: 1}
    two: {transform: 2}
    ask: {agent: a, timeout: 9s}
"""
AGENT = "agents: {a: {prompt: hi}}\nname: shop\n"


def mixed(bench, *arguments):
    return bench.flow(MIXED, head=AGENT, output="${stages.saved.output}").run(*arguments)


# A checker for just the keywords that the schema of the manifest uses.

TYPES = {"object": dict, "array": list, "string": str, "null": type(None), "integer": int, "boolean": bool}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def problems(value, schema, root, where="$"):
    known = {"$schema", "title", "description", "$defs", "$ref", "anyOf", "type", "const", "enum", "required", "additionalProperties", "properties",
             "items", "minimum", "minLength", "pattern"}
    check(set(schema) <= known, "keywords that this checker does not know", set(schema) - known)
    if "$ref" in schema:
        yield from problems(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, where)
    if "anyOf" in schema and all(list(problems(value, arm, root, where)) for arm in schema["anyOf"]):
        yield f"{where}: no arm of anyOf takes {value!r}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(is_type(value, name) for name in names):
            yield f"{where}: {value!r} is no {names}"
            return
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not allowed"
    if isinstance(value, str) and ("pattern" in schema and not re.search(schema["pattern"], value) or len(value) < schema.get("minLength", 0)):
        yield f"{where}: {value!r} is malformed"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{where}: {value} is too small"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from problems(item, schema.get("items", {}), root, f"{where}[{number}]")
    if isinstance(value, dict):
        yield from object_problems(value, schema, root, where)


def object_problems(value, schema, root, where):
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}: no {name}"
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
        if inner is False:
            yield f"{where}: unexpected {name}"
        elif inner is not True:
            yield from problems(item, inner, root, f"{where}.{name}")


@case
def manifest_fits_its_schema(bench):
    schema = json.loads(read(ROOT, "schemas/run-manifest.schema.json"))
    run = mixed(bench).partial()
    equal(list(problems(run.manifest, schema, schema)), [])
    broken = run.manifest | {"status": "done", "stages": [{}]}
    check(len(list(problems(broken, schema, schema))) > 5, "the checker finds nothing")
    failed = bench.flow("a: {fail: broken}").run().failed()
    equal(list(problems(failed.manifest, schema, schema)), [])


@case
def manifest_tells_how_each_stage_went(bench):
    run = mixed(bench, "--seed", "7").partial()
    manifest = run.manifest
    equal((manifest["project"], manifest["workflow"], manifest["seed"], manifest["mode"]), ("shop", "main", 7, "implement"))
    equal(run.statuses, {"ask": "succeeded", "good": "succeeded", "off": "skipped", "one": "succeeded", "pick": "succeeded",
                         "saved": "recovered", "saved.fallback": "succeeded", "tried": "tolerated", "two": "skipped"})
    equal(manifest["summary"]["by_status"], {"recovered": 1, "skipped": 2, "succeeded": 5, "tolerated": 1})
    equal([stage["index"] for stage in manifest["stages"]], list(range(9)))
    kinds = {stage["stage"]: stage["kind"] for stage in manifest["stages"]}
    equal((kinds["good"], kinds["saved"], kinds["pick"], kinds["ask"], kinds["one"]), ("run", "fail", "decide", "agent", "transform"))
    tried = run.stage("tried")
    equal((tried["attempts"], tried["error_code"]), (2, "exit"))
    check(tried["started_at"] <= tried["completed_at"] <= manifest["completed_at"])


@case
def run_folder_holds_what_is_documented(bench):
    run = mixed(bench).partial()
    equal(sorted(os.listdir(run.folder)), ["audit.jsonl", "errors", "lock", "manifest.json", "metrics.jsonl", "plan.bin", "reserve",
                                           "resume.token", "run.db", "transcripts"])
    equal(sorted(os.listdir(run.path("transcripts"))), ["ask.jsonl", "good.jsonl", "tried.jsonl"])
    check(not [name for name in os.listdir(run.folder) if "tmp" in name])


@case
def plan_in_the_folder_is_the_one_that_ran(bench):
    flow = bench.flow(MIXED, head=AGENT, output="${stages.saved.output}")
    plan = flow.compile()
    run = flow.run_command(["wfc", "run", plan]).partial()
    with open(plan, "rb") as compiled, open(run.path("plan.bin"), "rb") as kept:
        content = compiled.read()
        equal(kept.read(), content)
    identity = content[32:64].hex()
    equal(run.manifest["plan_sha256"], identity)
    equal(hashlib.sha256(content[64:64 + int.from_bytes(content[12:16], "little")]).hexdigest(), identity)
    equal(flow.run_command(["wfc", "run", run.path("plan.bin")]).code, run.code)


@case
def run_ids_sort_by_time(bench):
    flow = bench.flow("a: {transform: x}")
    names = [os.path.basename(flow.run().completed().folder) for _ in range(4)]
    equal(names, sorted(set(names)))
    equal(len(names), 4)
    for name in names:
        check(re.fullmatch(r"\d{8}T\d{9}Z-[0-9a-f]{8}", name), name)


@case
def run_id_is_the_folder_and_is_visible_to_stages(bench):
    run = bench.flow('a: {transform: ["${run.id}", "${run.dir}"]}', output="${stages.a.output}").run().completed()
    equal(run.json[0], os.path.basename(run.folder))
    equal(run.manifest["run_id"], run.json[0])
    check(os.path.realpath(run.folder).endswith(run.json[1].lstrip("./")) or os.path.realpath(run.json[1]) == os.path.realpath(run.folder), run.json)


@case
def events_tell_the_story_in_order(bench):
    run = mixed(bench).partial()
    events = run.events
    equal([event["seq"] for event in events], list(range(len(events))))
    equal((events[0]["type"], events[-1]["type"], events[-1]["data"]["status"]), ("run_started", "run_finished", "partial"))
    times = [event["time_ms"] for event in events]
    equal(times, sorted(times))
    for stage in ("good", "tried", "ask"):
        own = [event["type"] for event in events if event.get("stage") == stage]
        equal((own[0], own[-1]), ("stage_started", "stage_finished"))
    skipped = {event["stage"]: event["reason"] for event in events if event["type"] == "stage_skipped"}
    equal(skipped, {"off": "condition", "two": "not_chosen"})
    check([event for event in events if event["type"] == "route_chosen" and event["stage"] == "pick"])
    check([event for event in events if event["type"] == "fallback_started" and event["stage"] == "saved"])


@case
def errors_are_numbered_and_structured(bench):
    run = mixed(bench).partial()
    names = sorted(os.listdir(run.path("errors")))
    equal([name.split("-", 1)[0] for name in names], [f"{number + 1:02}" for number in range(len(names))])
    equal(sorted(name.split("-", 1)[1] for name in names), ["saved.json", "tried.json", "tried.json"])
    for name in names:
        equal(set(json.loads(run.text(f"errors/{name}"))), {"code", "message", "stage", "attempt", "cause", "details"})
    equal(run.error("tried")["attempt"], 2)


@case
def metrics_have_a_line_a_stage_and_one_of_the_run(bench):
    run = mixed(bench).partial()
    lines = run.lines("metrics.jsonl")
    equal((lines[-1]["type"], lines[-1]["status"]), ("run", "partial"))
    by_stage = {line["stage"]: line for line in lines if line["type"] == "stage"}
    equal(set(by_stage) | {"off", "two"}, set(run.statuses))
    check(all(line["duration_ms"] >= 0 for line in lines))
    equal(by_stage["tried"]["attempts"], 2)


@case
def transcript_of_a_command_tells_what_ran(bench):
    call = mixed(bench).partial().transcript("good")[0]
    equal((call["argv"], call["exit"], call["stdout"], call["stderr"]), (["echo", "hi"], 0, "hi\n", ""))
    check(call["executable"].endswith("/echo") and re.fullmatch("[0-9a-f]{64}", call["sha256"]), call)


@case
def run_root_and_workspace_may_be_elsewhere(bench):
    flow = bench.flow("a: {tool: fs.list}", output="${stages.a.output.files}")
    elsewhere, root = bench.new_folder(), bench.new_folder()
    open(os.path.join(elsewhere, "only.txt"), "w", encoding="utf-8").close()
    run = flow.run_command(["wfc", "run", ".", "--workspace", elsewhere, "--run-root", root], run_root=root).completed()
    equal(run.json, [{"path": "only.txt", "size": 0}])
    check(run.folder.startswith(root) and not os.path.exists(flow.run_root))
    run = flow.run_command(["wfc", "run", ".", "--workspace", elsewhere], run_root=os.path.join(elsewhere, ".wfc", "runs")).completed()
    check(run.folder)


@case
def runs_at_once_do_not_meet(bench):
    flow = bench.flow("a: {run: [sh, -c, 'touch $0; while [ $(ls | grep -c ^id-) -lt 3 ]; do :; done', 'id-${run.id}'], effect: read}")
    runs = [flow.start() for _ in range(3)]
    for run in runs:
        equal(run.process.wait(60), 0)
        run.finish()
    folders = run_folders(flow.run_root)
    equal(len(folders), 3)
    for folder in folders:
        equal(json.loads(read(folder, "manifest.json"))["status"], "completed")


@case
def progress_is_plain_lines_when_not_a_terminal(bench):
    run = mixed(bench).partial()
    check("\x1b" not in run.err + run.out, run)
    contains(run.err, "succeeded good", "tolerated tried", "skipped off")
    equal(run.out, "broken\n")


if __name__ == "__main__":
    main()
