#!/usr/bin/env python3
"""Which stages run: decides, joins, conditions, steps, cleanup, and how many at once.

Usage: scheduling_test.py BIN_DIR [FILTER]
"""
from harness import case, check, contains, equal, exists, main, read


# Decides

IDS = """
    pick: {decide: input.kind, routes: {a: one, b: [one, two], c: []}%s}
    one: {transform: 1}
    two: {transform: 2}
    chosen: {transform: "${stages.pick.chosen}"}
    value: {transform: "${coalesce(stages.pick.output, 'none')}"}
"""
KIND = "input: {fields: {kind: string}}"
BOTH = '["${stages.chosen.output}", "${stages.value.output}", "${has(stages.one.output)}", "${has(stages.two.output)}"]'


@case
def decide_by_id_runs_the_chosen(bench):
    flow = bench.flow(IDS % ", default: two", keys=KIND, output=BOTH)
    equal(flow.run("-i", "kind=a").completed().json, [["one"], "a", True, False])
    equal(flow.run("-i", "kind=b").completed().json, [["one", "two"], "b", True, True])
    equal(flow.run("-i", "kind=c").completed().json, [[], "c", False, False])
    run = flow.run("-i", "kind=z").completed()
    equal(run.json, [["two"], "z", False, True])
    equal((run.statuses["one"], run.stage("one")["reason"]), ("skipped", "not_chosen"))


@case
def decide_without_a_match_or_default_fails(bench):
    bench.flow(IDS % "", keys=KIND, output=BOTH).run("-i", "kind=z").failed("pick", "no_route")


@case
def decide_runs_the_body_of_the_value(bench):
    stages = """
        pick:
          decide: input.n
          routes:
            1: {transform: one}
            2: {stages: {x: {transform: two}}, output: "${stages.x.output}!"}
            3: []
          default: {transform: "many ${input.n}"}
    """
    flow = bench.flow(stages, keys="input: {fields: {n: integer}}", output="${coalesce(stages.pick.output, 'none')} ${stages.pick.chosen}")
    equal(flow.run("-i", "n=1").completed().out, "one 1\n")
    run = flow.run("-i", "n=2").completed()
    equal(run.out, "two! 2\n")
    equal((run.statuses["pick.x"], run.statuses["pick.1"]), ("succeeded", "skipped"))
    equal(flow.run("-i", "n=3").completed().out, "none 3\n")
    contains(flow.run("-i", "n=4").completed().out, "many 4")


@case
def case_list_takes_the_first_that_holds(bench):
    stages = """
        pick:
          decide:
            - {when: input.n > 100, goto: big}
            - {when: input.n > 10, goto: small}
            - {goto: []}
        big: {transform: big}
        small: {transform: small}
    """
    flow = bench.flow(stages, keys="input: {fields: {n: integer}}",
                      output="${coalesce(stages.big.output, stages.small.output, 'none')} ${stages.pick.output}")
    equal(flow.run("-i", "n=500").completed().out, "big 0\n")
    equal(flow.run("-i", "n=50").completed().out, "small 1\n")
    equal(flow.run("-i", "n=5").completed().out, "none 2\n")


@case
def decide_that_has_no_output_chooses_nothing(bench):
    stages = """
        pick: {decide: "1 / input.n", routes: {1: one}, default: [], on_error: continue}
        one: {transform: 1}
    """
    run = bench.flow(stages, keys="input: {fields: {n: integer}}").run("-i", "n=0").partial()
    equal(run.statuses, {"pick": "tolerated", "one": "skipped"})


# Joins, conditions, steps

@case
def skipping_spreads_along_hard_dependencies_only(bench):
    stages = """
        a: {if: "!input.skip", transform: x}
        hard: {transform: "${stages.a.output}"}
        after: {after: [a], transform: x}
        after_hard: {after: [hard], transform: x}
        soft: {transform: "${coalesce(stages.a.output, 'soft')}"}
    """
    run = bench.flow(stages, keys="input: {fields: {skip: boolean}}", output="${stages.soft.output}").run("-i", "skip=true").completed()
    equal(run.out, "soft\n")
    reasons = {stage["stage"]: stage["reason"] for stage in run.manifest["stages"]}
    equal(reasons, {"a": "condition", "hard": "dependency", "after": None, "after_hard": "dependency", "soft": None})


@case
def join_any_needs_one(bench):
    flow = bench.flow("""
        a: {if: input.a, transform: a}
        b: {if: input.b, transform: b}
        on_a: {transform: "${stages.a.output}"}
        on_b: {transform: "${stages.b.output}"}
        any: {join: any, after: [on_a, on_b], transform: ran}
    """, keys="input: {fields: {a: boolean, b: boolean}}", output="${coalesce(stages.any.output, 'skipped')}")
    equal(flow.run("-i", "a=true", "-i", "b=false").completed().out, "ran\n")
    equal(flow.run("-i", "a=false", "-i", "b=true").completed().out, "ran\n")
    equal(flow.run("-i", "a=false", "-i", "b=false").completed().out, "skipped\n")


@case
def steps_run_in_order_however_the_one_before_ended(bench):
    steps = """
        - {id: one, run: [sh, -c, "echo 1 >> order; exit 1"], effect: read, on_error: continue}
        - {id: two, run: [sh, -c, "echo 2 >> order"], effect: read, if: "1 > 2 || run.mode == 'implement'"}
        - {id: three, run: [sh, -c, "echo 3 >> order"], effect: read}
    """
    flow = bench.flow(steps)
    flow.run().partial()
    equal(read(flow.path("order")), "1\n2\n3\n")


@case
def cleanup_runs_after_success_and_sees_the_status(bench):
    stages = "a: {transform: x}\nclean: {after: [a], join: settled, transform: '${run.status}'}"
    equal(bench.flow(stages, output="${stages.clean.output}").run().completed().out, "running\n")


@case
def cleanup_runs_after_failure(bench):
    stages = """
        a: {run: ["false"], effect: read}
        b: {after: [a], transform: x}
        clean: {after: [b], join: settled, run: [tee, cleaned], stdin: "${run.status}", effect: read}
    """
    flow = bench.flow(stages)
    run = flow.run().failed("a")
    equal(run.statuses, {"a": "failed", "b": "cancelled", "clean": "succeeded"})
    equal(read(flow.path("cleaned")), "failed")


@case
def cleanup_that_fails_fails_the_run(bench):
    run = bench.flow("a: {transform: x}\nclean: {after: [a], join: settled, fail: broken}", output="${stages.a.output}").run().failed("clean")
    equal(run.out, "")


@case
def stage_values_can_be_read_after_the_fact(bench):
    stages = """
        a: {run: ["sh", "-c", "echo out; echo err >&2; exit 4"], effect: read, on_error: continue}
        b: {if: has(stages.a.error) && has(stages.a.exit),
            transform: {status: "${stages.a.status}", code: "${stages.a.error.code}", exit: "${stages.a.exit}",
                        out: "${stages.a.stdout}", err: "${stages.a.stderr}", attempts: "${stages.a.attempts}"}}
    """
    run = bench.flow(stages, output="${coalesce(stages.b.output, 'none')}").run().partial()
    equal(run.json, {"status": "tolerated", "code": "exit", "exit": 4, "out": "out\n", "err": "err\n", "attempts": 1})


@case
def failure_elsewhere_stops_what_runs(bench):
    stages = """
        slow: {run: [sh, -c, "touch started; exec sleep 1000"], effect: read}
        fails: {run: [sh, -c, "while [ ! -e started ]; do :; done; exit 1"], effect: read}
        late: {after: [slow], transform: x}
    """
    run = bench.flow(stages).run().failed("fails", "exit")
    equal(run.statuses, {"slow": "cancelled", "fails": "failed", "late": "cancelled"})


@case
def drain_lets_what_runs_finish(bench):
    stages = """
        slow: {run: [sh, -c, "touch started; while [ ! -e failed ]; do :; done; echo over > finished"], effect: read}
        fails: {run: [sh, -c, "while [ ! -e started ]; do :; done; touch failed; exit 1"], effect: read}
    """
    flow = bench.flow(stages, head="execution: {on_failure: drain}")
    run = flow.run().failed("fails")
    equal(run.statuses["slow"], "succeeded")
    check(exists(flow.path("finished")))


@case
def concurrency_is_bounded(bench):
    """Each stage notes how many run at once; with a bound of 2 it is never more, and 2 do meet."""
    script = 'import os, sys\nos.mkdir("run-" + sys.argv[1])\nn = sum(name.startswith("run-") for name in os.listdir("."))\n' \
             'with open("seen", "a") as f: f.write(f"{n}\\n")\nos.rmdir("run-" + sys.argv[1])\n'
    stages = "\n".join(f'w{i}: {{run: [python3, work.py, "{i}"], effect: read}}' for i in range(12))
    for bound, arguments in ((2, []), (1, ["--concurrency", "1"])):
        flow = bench.flow(stages, head="execution: {concurrency: 2}", files={"work.py": script})
        flow.run(*arguments).completed()
        seen = [int(line) for line in read(flow.path("seen")).split()]
        equal(len(seen), 12)
        check(max(seen) <= bound, seen)


@case
def two_stages_do_run_at_once(bench):
    meet = 'touch %s; while [ ! -e %s ]; do :; done'
    stages = f"a: {{run: [sh, -c, '{meet % ('a', 'b')}'], effect: read}}\nb: {{run: [sh, -c, '{meet % ('b', 'a')}'], effect: read}}"
    bench.flow(stages, head="execution: {concurrency: 2}").run().completed()


if __name__ == "__main__":
    main()
