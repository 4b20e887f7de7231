#!/usr/bin/env python3
"""How stages end, what is made of their errors, and how the run ends with them.

Usage: outcomes_test.py BIN_DIR [FILTER]
"""
import json

from harness import FAILED, USAGE, case, check, contains, equal, main, read


# How a run ends

@case
def completed_exits_with_0_and_prints_the_output_alone(bench):
    run = bench.flow("a: {transform: hello}", output="${stages.a.output}").run().completed()
    equal(run.out, "hello\n")
    contains(run.err, "a")


@case
def output_may_be_a_tree(bench):
    output = '{n: "${stages.a.output.n}", list: ["${stages.a.output.n + 1}", "it is ${stages.a.output.n}", null, true, 1.5]}'
    run = bench.flow("a: {transform: {n: 41}}", output=output).run().completed()
    equal(run.json, {"n": 41, "list": [42, "it is 41", None, True, 1.5]})


@case
def workflow_without_output_prints_nothing(bench):
    run = bench.flow("a: {assert: run.started_at != null, message: never}").run().completed()
    equal(run.out, "")


@case
def failure_exits_with_1_and_prints_no_output(bench):
    run = bench.flow('a: {fail: "it is broken"}\nb: {transform: x}', output="${stages.b.output}").run().failed("a")
    equal(run.out, "")
    contains(run.err, "it is broken")


@case
def tolerated_failure_makes_the_run_partial(bench):
    stages = """
        a: {run: ["false"], effect: read, on_error: continue}
        b: {transform: "${coalesce(stages.a.output, 'nothing')}"}
    """
    run = bench.flow(stages, output="${stages.b.output}").run().partial()
    equal(run.out, "nothing\n")
    equal(run.statuses, {"a": "tolerated", "b": "succeeded"})


@case
def output_that_cannot_be_formed_fails_with_no_output(bench):
    keys = "input: {fields: {go: boolean}}"
    # What `dyn` hides from the compiler.
    flow = bench.flow("a: {transform: '${dyn(input.go) ? {\"x\": \"x\"} : {}}'}", keys=keys, output="${dyn(stages.a.output).x}")
    run = flow.run("-i", "go=false")
    equal((run.code, run.out), (FAILED, ""), run)
    contains(run.err, "no_output")
    equal(run.manifest["status"], "failed")
    equal(flow.run("-i", "go=true").completed().out, "x\n")


@case
def output_is_held_to_returns(bench):
    keys = "input: {fields: {n: string}}\nreturns: {type: integer, not: {const: 7919}}"
    flow = bench.flow('a: {transform: "${int(input.n)}"}', keys=keys, output="${stages.a.output}")
    equal(flow.run("-i", "n=9").completed().out, "9\n")
    run = flow.run("-i", "n=7919")
    equal((run.code, run.out), (FAILED, ""), run)


@case
def format_json_is_for_machines(bench):
    run = bench.flow("a: {transform: {n: 1}}", output="${stages.a.output}").run("--format", "json").completed()
    equal({key: run.json[key] for key in ("status", "output", "failure", "folder")},
          {"status": "completed", "output": {"n": 1}, "failure": None, "folder": run.folder})
    events = [json.loads(line) for line in run.err.splitlines()]
    equal([events[0]["type"], events[-1]["type"]], ["run_started", "run_finished"])


# Errors and what a stage makes of them

@case
def failed_stage_has_a_structured_error(bench):
    run = bench.flow('a: {run: [sh, -c, "echo why >&2; exit 3"], effect: read}').run().failed("a", "exit")
    error = run.error("a")
    equal((error["code"], error["stage"], error["attempt"], error["details"]), ("exit", "a", 1, {"exit": 3}))
    contains(error["message"], "why")


@case
def assertion_fails_with_its_message(bench):
    stages = "a: {transform: {n: 2}}\nb: {assert: stages.a.output.n > 2, message: 'only ${stages.a.output.n}'}"
    run = bench.flow(stages).run().failed("b", "assertion")
    contains(run.error("b")["message"], "only 2")


@case
def expression_error_is_a_failure_of_the_stage(bench):
    stages = 'a: {transform: {n: 0}}\nb: {transform: "${1 / stages.a.output.n}"}'
    bench.flow(stages).run().failed("b", "expression")


@case
def condition_that_errs_fails_the_stage(bench):
    stages = "a: {transform: {n: 0}}\nb: {if: 1 / stages.a.output.n > 0, transform: x}"
    bench.flow(stages).run().failed("b", "expression")


@case
def value_supplies_the_output(bench):
    stages = 'a: {run: ["false"], effect: read, on_error: {value: {n: 7}}}\nb: {transform: "${coalesce(stages.a.output.n, 0)}"}'
    run = bench.flow(stages, output="${stages.b.output}").run().completed()
    equal((run.out, run.statuses["a"]), ("7\n", "recovered"))


@case
def fallback_sees_the_error(bench):
    stages = """
        a:
          run: ["sh", "-c", "exit 9"]
          effect: read
          on_error: {fallback: {transform: "${error.code} ${error.stage} ${error.attempt} ${error.details.exit}"}}
    """
    run = bench.flow(stages, output="${stages.a.output}").run().completed()
    equal((run.out, run.statuses["a"]), ("exit a 1 9\n", "recovered"))
    equal(run.statuses["a.fallback"], "succeeded")


@case
def fallback_of_several_stages_has_an_output_of_its_own(bench):
    stages = """
        a:
          fail: broken
          on_error:
            fallback:
              stages:
                x: {transform: "${error.message}"}
                y: {transform: "${stages.x.output}!"}
              output: ["${stages.x.output}", "${stages.y.output}"]
    """
    run = bench.flow(stages, output="${stages.a.output}").run().completed()
    equal(run.json, ["broken", "broken!"])
    equal(run.statuses, {"a": "recovered", "a.x": "succeeded", "a.y": "succeeded"})


@case
def fallback_that_fails_fails_its_owner(bench):
    run = bench.flow("a: {fail: first, on_error: {fallback: {fail: second}}}").run().failed("a")
    equal(run.statuses, {"a": "failed", "a.fallback": "failed"})


@case
def failure_cancels_what_never_started(bench):
    run = bench.flow("a: {run: ['false'], effect: read}\nb: {after: [a], transform: x}\nc: {after: [b], transform: x}").run().failed("a")
    equal(run.statuses, {"a": "failed", "b": "cancelled", "c": "cancelled"})


@case
def returns_of_a_stage_is_checked(bench):
    stages = 'a: {run: [echo, "{}"], parse: json, effect: read, returns: {fields: {n: integer}}}'
    run = bench.flow(stages).run().failed("a", "schema")
    contains(run.error("a")["message"], "n")


# Retries

COUNTER = """n=$(cat count 2>/dev/null || echo 0); echo $((n + 1)) > count; [ $n -ge {limit} ] && echo done || exit 1"""


def counting(limit):
    return {"try.sh": COUNTER.replace("{limit}", str(limit))}


@case
def retry_runs_again_until_it_succeeds(bench):
    retry = "{max: 3, on: [exit], backoff: {initial: 1ms, factor: 2, max: 2ms, jitter: true}}"
    flow = bench.flow(f"a: {{run: [sh, try.sh], effect: read, retry: {retry}}}", output="${stages.a.output.trim()} ${stages.a.attempts}",
                      files=counting(2))
    run = flow.run().completed()
    equal(run.out, "done 3\n")
    equal(run.stage("a")["attempts"], 3)
    failed = [event for event in run.events if event["type"] == "attempt_failed"]
    equal([event["attempt"] for event in failed], [1, 2])
    equal(read(flow.path("count")), "3\n")


@case
def retry_gives_up_after_max(bench):
    flow = bench.flow("a: {run: [sh, try.sh], effect: read, retry: {max: 1, on: [exit], backoff: {initial: 1ms}}}", files=counting(9))
    run = flow.run().failed("a", "exit")
    equal((read(flow.path("count")), run.stage("a")["attempts"]), ("2\n", 2))


@case
def retry_is_for_the_listed_codes_only(bench):
    flow = bench.flow("a: {run: [sh, try.sh], effect: read, retry: {max: 3, on: [timeout], backoff: {initial: 1ms}}}", files=counting(9))
    flow.run().failed("a", "exit")
    equal(read(flow.path("count")), "1\n")


@case
def never_turns_a_default_retry_off(bench):
    head = "defaults: {retry: {max: 2, on: [exit], backoff: {initial: 1ms}}}"
    stage = "a: {run: [sh, try.sh], effect: read%s, on_error: continue}"
    flow = bench.flow(stage % "", head=head, files=counting(9))
    flow.run().partial()
    equal(read(flow.path("count")), "3\n")
    flow = bench.flow(stage % ", retry: never", head=head, files=counting(9))
    flow.run().partial()
    equal(read(flow.path("count")), "1\n")


@case
def retry_of_a_decide_runs_its_body_again(bench):
    stages = """
        a:
          decide: input.kind
          routes: {x: {run: [sh, try.sh], effect: read}}
          default: []
          retry: {max: 2, on: [exit], backoff: {initial: 1ms}}
    """
    flow = bench.flow(stages, keys="input: {fields: {kind: string}}", output="${coalesce(stages.a.output, '').trim()}", files=counting(1))
    equal(flow.run("-i", "kind=x").completed().out, "done\n")


@case
def names_in_scope_are_visible(bench):
    """`input`, `vars` and `run` in a stage's fields."""
    stages = 'a: {transform: ["${input.x}", "${vars.limit}", "${vars.region}", "${vars.given}", "${run.mode}", "${run.seed}", "${type(run.id) == string}"]}'
    head = "vars: {limit: 20, region: {env: REGION, default: eu}, given: {env: GIVEN}}"
    flow = bench.flow(stages, head=head, keys="input: {fields: {x: string}}", output="${stages.a.output}")
    run = flow.run("-i", "x=1", "--seed", "5", env={"GIVEN": "there"}).completed()
    equal(run.json, ["1", 20, "eu", "there", "implement", 5, True])


@case
def workflow_is_chosen_by_name(bench):
    project = bench.project("""
        wfc: 1
        main: one
        workflows:
          one: {output: "${stages.a.output}", stages: {a: {transform: one}}}
          two: {output: "${stages.a.output}", stages: {a: {transform: two}}}
    """)
    equal(project.run().completed().out, "one\n")
    equal(project.run("--workflow", "two").completed().out, "two\n")
    project.run("--workflow", "three").says_once(USAGE, "three")


if __name__ == "__main__":
    main()
