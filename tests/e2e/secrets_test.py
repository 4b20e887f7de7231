#!/usr/bin/env python3
"""Secrets: in whatever form a program prints one, it stands in no record, in nothing that is shown, and in nothing that later stages see."""
import json
import os

import boxes
from boxes import case

LONG = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghij"
KEY_FILE = """-----BEGIN KEY-----
MIIEabcdefghijklmnop0123456789ABCDEFGHIJKLMNOP
QQQQabcdefghijklmnop0123456789ABCDEFGHIJKLMNOP
-----END KEY-----"""
WORDS = "ab/cd+ef=gh ij'k\"ü\\n"

PRELUDE = """import base64, binascii, html, json, os, quopri, re, shlex, sys, textwrap, urllib.parse
secret = os.environ["TOKEN"]
raw = secret.encode()
def wrapped(text, width, glue="\\n"): return glue.join(text[at:at + width] for at in range(0, len(text), width))
def dump(form, size, gap): return "\\n".join(form % (at, " " + raw[at:at + 16].hex(gap, size), raw[at:at + 16].decode()) for at in range(0, len(raw), 16))
def percent(kept, form="%%%02X"): return "".join(chr(b) if chr(b).isascii() and (chr(b).isalnum() or chr(b) in kept) else form % b for b in raw)
"""

# By name: the secret, what is printed (Python), and a piece of it that must be found nowhere.
FORMS = {
    "as it is": (LONG, "secret", LONG[40:60]),
    "base64": (LONG, "base64.b64encode(raw).decode()", "SUpLTE1O"),
    "base64 in lines of 76": (LONG, "base64.encodebytes(raw).decode()", "a2tra2tra2tra2tr"),
    "base64 in lines of 20, indented": (LONG, "wrapped(base64.b64encode(raw).decode(), 20, '\\n    ')", "a2tra2tra2tra2tr"),
    "base64 of more": (LONG, "'Basic ' + base64.b64encode(b'user:' + raw + b'\\n').decode()", "JLTE1OT1BRUl"),
    "base64 for URLs": (LONG, "base64.urlsafe_b64encode(b'>>' + raw).decode().rstrip('=')", "tra2tra2tra2"),
    "base64 in JSON": (LONG, "json.dumps({'data': base64.encodebytes(raw).decode()})", "a2tra2tra2tra2tr"),
    "hexadecimal": (LONG, "raw.hex()", "6b6b6b6b6b6b"),
    "hexadecimal with colons": (LONG, "raw.hex(':').upper()", "6B:6B:6B:6B"),
    "hexadecimal in a dump": (LONG, "wrapped(raw.hex(' ', 2), 40)", "6b6b 6b6b"),
    "repr of bytes": (LONG, "''.join('\\\\x%02x' % b for b in raw)", "\\x6b\\x6b\\x6b"),
    "without its last line break": ("topsecretvalue\n", "secret.strip()", "topsecretvalue"),
    "one of its lines": (KEY_FILE, "secret.splitlines()[1]", "MIIEabcdefghij"),
    "its lines in one": (KEY_FILE, "' '.join(secret.split('\\n'))", "MIIEabcdefghij"),
    "its lines as a list": (KEY_FILE, "json.dumps(secret.split('\\n'))", "MIIEabcdefghij"),
    "its lines with CRLF": (KEY_FILE, "secret.replace('\\n', '\\r\\n')", "MIIEabcdefghij"),
    "one of its lines in base64": (KEY_FILE, "base64.b64encode(secret.splitlines()[2].encode()).decode()", "UVFRUWFiY2RlZmdoaWpr"),
    "wrapped again": (KEY_FILE, "wrapped(secret.splitlines()[1], 30)", "MIIEabcdefghij"),
    "percent-encoded by Python": (WORDS, "urllib.parse.quote(secret)", "gh%20ij"),
    "percent-encoded by Python, with plus": (WORDS, "urllib.parse.quote_plus(secret)", "ef%3Dgh"),
    "percent-encoded by JavaScript": (WORDS, "percent(\"-_.!~*'()\")", "ef%3Dgh"),
    "percent-encoded as a whole URI": (WORDS, "percent(\"-_.!~*'();/?:@&=+$,#\")", "gh%20ij"),
    "percent-encoded by curl": (WORDS, "percent('-._~')", "ef%3Dgh"),
    "percent-encoded in lower case": (WORDS, "percent('-._~', '%%%02x')", "ef%3dgh"),
    "percent-encoded twice": (WORDS, "urllib.parse.quote(urllib.parse.quote(secret, safe=''))", "ef%253Dgh"),
    "JSON": (WORDS, "json.dumps(secret)", "gh ij'k"),
    "JSON in JSON in JSON": (WORDS, "json.dumps(json.dumps(json.dumps(secret)))", "gh ij'k"),
    "quoted by a shell": (WORDS, "secret.replace(\"'\", \"'\\\\\\''\")", "ab/cd+ef"),
    "quoted by Python": (WORDS, "shlex.quote(secret)", "ab/cd+ef"),
    "quoted by backslashes": (WORDS, "re.sub('([^\\\\w/.,+-])', r'\\\\\\1', secret)", "ab/cd+ef"),
    "HTML": (WORDS, "html.escape(secret)", "ab/cd+ef"),
    "HTML by numbers": (WORDS, "''.join('&#x%X;' % ord(c) for c in secret)", "&#x63;&#x64;&#x2B;"),
    "quoted-printable": (WORDS, "quopri.encodestring(raw).decode()", "ab/cd+ef"),
    "xxd": (LONG, "dump('%08x: %-40s %s', 2, ' ')", "ABCDEF"),
    "hexdump -C": (LONG, "dump('%08x %-50s|%s|', 1, ' ')", "ABCDEF"),
    "UTF-16": (LONG, "secret.encode('utf-16').decode('utf-8', 'replace')", "A\0B\0C\0D"),
    "JSON with escaped slashes": (WORDS, "json.dumps(secret).replace('/', '\\\\/')", "gh ij'k"),
}


def printing(box, keys, stage_keys=""):
    box.workflow(f"""
      show: {{run: [python3, show.py], env: {{TOKEN: "${{secret.TOKEN}}"}}, effect: read{stage_keys}}}
      later: {{run: [cat], stdin: "${{stages.show.{keys}}}", effect: read}}""", allow='{exec: ["*"], secret: [TOKEN]}',
                 top="secrets: {TOKEN: {env: MY_TOKEN}}", output="${stages.later.stdout}")


def expect_hidden(run, name, needle):
    for path, content in run.records().items():
        assert needle.encode() not in content, f"{name}: in {path}"
    assert needle not in run.stdout + run.stderr, f"{name}: shown: {run.stdout}{run.stderr}"


@case
def forms_of_a_secret_are_hidden(box):
    """On standard output, read in each way; on standard error of a command that fails."""
    for name, (secret, form, needle) in FORMS.items():
        box.write("show.py", f"{PRELUDE}print({form})\n")
        for parse in ("text", "lines"):
            printing(box, "output", f", parse: {parse}")
            run = box.run(env={"MY_TOKEN": secret}).expect(0)
            expect_hidden(run, f"{name}, {parse}", needle)
            assert "[secret TOKEN]" in run.stdout, f"{name}: {run.stdout}"
        box.write("show.py", f"{PRELUDE}print({form}, file=sys.stderr)\nsys.exit(3)\n")
        printing(box, "stderr", ", ok_exit: [0, 3]")
        run = box.run(env={"MY_TOKEN": secret}).expect(0)
        expect_hidden(run, f"{name}, stderr", needle)
        printing(box, "output")
        expect_hidden(box.run(env={"MY_TOKEN": secret}, timeout=60).expect(1), f"{name}, failed", needle)


@case
def what_later_stages_see_is_what_is_recorded(box):
    box.write("show.py", f"{PRELUDE}print(json.dumps({{'token': secret, 'n': 1}}))\n")
    box.workflow("""
      show: {run: [python3, show.py], env: {TOKEN: "${secret.TOKEN}"}, effect: read, parse: json}
      size: {transform: "${size(stages.show.output.token)}"}
      same: {transform: "${stages.show.output.token == '[secret TOKEN]'}"}""", allow='{exec: ["*"], secret: [TOKEN]}',
                 top="secrets: {TOKEN: {env: MY_TOKEN}}", output='["${stages.size.output}", "${stages.same.output}", "${stages.show.output}"]')
    run = box.run(env={"MY_TOKEN": LONG}).expect(0)
    assert json.loads(run.stdout) == [14, True, {"token": "[secret TOKEN]", "n": 1}], run.stdout


@case
def a_secret_at_a_cut_is_hidden(box):
    """Of what a stream keeps, of what is shown of it, and where a program is stopped in the middle of a word."""
    token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
    for before in range(65536 - len(token) - 1, 65536 + 1, 7):
        box.write("show.py", f"{PRELUDE}sys.stderr.write('x' * {before} + secret + ' and more')\nsys.exit(1)\n")
        printing(box, "output")
        expect_hidden(box.run(env={"MY_TOKEN": token}).expect(1), f"after {before}", "ghp_0123")
    for before in (262144 - 20, 262144 - 39, 262144 - 4):
        box.write("show.py", f"{PRELUDE}sys.stdout.write('x' * {before} + secret + ' and more')\n")
        printing(box, "output")
        expect_hidden(box.run(env={"MY_TOKEN": token}).expect(0), f"shown after {before}", "ghp_0123")
    box.write("show.py", f"{PRELUDE}sys.stdout.write('x' * {(1 << 20) - 20} + secret)\n")
    printing(box, "output")
    expect_hidden(box.run(env={"MY_TOKEN": token}).expect(1), "too much", "ghp_0123")


@case
def a_secret_in_a_file_of_the_workspace_is_hidden(box):
    """A built-in's result is one like any other."""
    box.write("notes.txt", f"the token is {LONG}\n")
    box.workflow("""
      read: {tool: fs.read, with: {path: notes.txt}}
      use: {run: ["true"], env: {TOKEN: "${secret.TOKEN}"}, effect: read}""", allow='{exec: ["*"], secret: [TOKEN], fs.read: ["**"]}',
                 top="secrets: {TOKEN: {env: MY_TOKEN}}", output="${stages.read.output.text}")
    run = box.run(env={"MY_TOKEN": LONG}).expect(0)
    assert run.stdout == "the token is [secret TOKEN]\n"
    expect_hidden(run, "fs.read", LONG)


def needing(box, more="", stage=""):
    box.workflow(f"""
      first: {{run: [touch, made], effect: write}}
      needs: {{run: ["true"], env: {{TOKEN: "${{secret.TOKEN}}"}}, effect: send, after: [first]{stage}}}{more}""",
                 allow='{exec: ["*"], secret: [TOKEN]}', top="secrets: {TOKEN: {env: MY_TOKEN}}")


@case
def a_short_or_missing_secret_is_refused_before_anything_runs(box):
    needing(box)
    for value, word in ((None, "not set"), ("", "empty"), ("1234567", "8"), ("  1234567\n", "8")):
        run = box.run(env={} if value is None else {"MY_TOKEN": value}).expect(2)
        assert len(run.stderr.splitlines()) == 1 and "`TOKEN`" in run.stderr and "MY_TOKEN" in run.stderr and word in run.stderr, run.stderr
        assert not os.path.exists(box.path("made")) and not os.path.exists(box.run_root)
    box.run(env={"MY_TOKEN": "12345678"}).expect(0)


@case
def a_short_secret_is_refused_in_every_mode_and_for_every_stage(box):
    """Also where a stage may fail, and where its effect is not had."""
    for stage, options in ((", on_error: continue", ()), ("", ("--dry-run",))):
        needing(box, stage=stage)
        run = box.run(*options, env={"MY_TOKEN": "abc"}).expect(2)
        assert "`TOKEN` has fewer than 8 bytes" in run.stderr and "MY_TOKEN" in run.stderr, run.stderr
    box.write("token.txt", "abc\n")
    box.workflow("""
      a: {run: ["true"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, on_error: continue}""",
                 allow='{exec: ["*"], secret: [TOKEN]}', top="secrets: {TOKEN: {file: token.txt}}")
    run = box.run().expect(2)
    assert "`TOKEN` has fewer than 8 bytes (the file `token.txt`)" in run.stderr, run.stderr


@case
def a_secret_that_no_stage_of_the_mode_needs_may_be_missing(box):
    needing(box)
    box.run("--dry-run").expect(0)
    needing(box, stage=", on_error: continue")
    assert box.run().expect(5).error("needs")["code"] == "auth"


boxes.main()
