#!/usr/bin/env python3
"""Writes a project of N stages of every verb, each reading a few before it: input for `./dev bench` and for scale tests.

Usage: generate_project.py FOLDER STAGES [SEED]
"""

import pathlib
import random
import sys

HEAD = """wfc: 1
name: generated
main: generated
models:
  default: [{provider: scripted}]
defaults:
  timeout: 60s
  retry: {max: 2, on: [timeout, rate_limit], backoff: {initial: 1s, factor: 2, max: 30s}}
schemas:
  finding: {fields: {answer: {type: string, maxLength: 4000}, score: integer, evidence: {list: string, max: 10}}}
agents:
  reader:
    input: {fields: {question: {type: string}, context: {}}}
    system: You answer a question from the evidence at hand.
    prompt: |
      The question: ${with.question}
      What is known: ${json(with.context)}
    returns: finding
tools:
  report.format:
    command: [fmt, -w, "100"]
    stdin: ${with.text}
    input: {fields: {text: string}}
    returns: string
    effect: read
security:
  allow: {llm: [default], fs.read: ["**"], exec: [fmt, "git log"]}
"""


ASSERT = 5


def stage(index, verbs, rng):
    """The lines of stage `index`, which reads the outputs of up to three of the twenty before it (an assert has none)."""
    name = f"stage_{index:06d}"
    with_output = [i for i in range(max(0, index - 20), index) if verbs[i] != ASSERT]
    earlier = sorted(rng.sample(with_output, min(len(with_output), rng.randint(1, 3))))
    reads = [f"stages.stage_{i:06d}.output" for i in earlier] or ["input.topic"]
    first = reads[0]
    texts = {
        0: [f"    agent: reader",
            f"    with:",
            f"      question: What follows from step {index} for ${{input.topic}}?",
            f"      context: ${{[{', '.join(reads)}]}}"],
        1: [f"    tool: fs.list",
            f"    with: {{root: src, glob: \"**/*.md\", max_files: 100}}",
            f"    if: size(text({first})) > 3 || input.limit > {1 + index % 7}"],
        2: [f"    transform:"]
           + [f"      part_{n}: ${{json({read})}}" for n, read in enumerate(reads)]
           + [f"      label: \"step {index} of ${{input.topic.trim()}}\""],
        3: [f"    tool: report.format",
            f"    with:",
            f"      text: |",
            f"        Step {index}",
            f"        ${{clip(json({first}), 2000)}}",
            f"    on_error: {{value: \"\"}}"],
        4: [f"    run: [git, log, --oneline, \"-n${{input.limit}}\"]",
            f"    parse: lines",
            f"    effect: read",
            f"    timeout: 20s"]
           + ([f"    after: [stage_{earlier[0]:06d}]"] if earlier else []),
        ASSERT: [f"    assert: size(json({first})) < 100000 && input.limit < 45",
            f"    message: \"step {index} went beyond the limit\""],
    }
    return [f"  {name}:"] + texts[verbs[index]]


def generate(folder, count, seed):
    rng = random.Random(seed)
    lines = ["workflow: generated", "input: {fields: {topic: {type: string, maxLength: 200}, limit: {type: integer, minimum: 1, maximum: 50}}}"]
    verbs = [2] + [rng.randrange(6) for _ in range(count - 1)]
    body = [line for index in range(count) for line in stage(index, verbs, rng)]
    outputs = [f"  - ${{coalesce(stages.stage_{i:06d}.output, null)}}" for i in range(count) if verbs[i] != ASSERT]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "wfc.yaml").write_text(HEAD)
    (folder / "workflows" / "generated.yaml").write_text(
        "\n".join(lines + ["output:"] + outputs + ["stages:"] + body) + "\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    generate(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
