# The tool's behaviour, one file a test: input and expectation together. Run by `./dev test`, or by hand:
#   python3 /usr/lib/llvm-19/build/utils/lit/lit.py -sv --param bin_dir=build/dev lit-tests [--filter NAME]
# A test is a .yaml or .test file. Its RUN lines come first; `split-file %s %t` unpacks the files below them.
# On PATH: wfc and wfc-run of bin_dir, FileCheck, not, count, split-file, and the helpers of lit-tests/bin.
import os

import lit.formats

config.name = "wfc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".yaml", ".test"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))

root = os.path.dirname(config.test_source_root)
bin_dir = os.path.abspath(lit_config.params.get("bin_dir", os.path.join(root, "build", "dev")))
if not os.path.exists(os.path.join(bin_dir, "wfc")):
    lit_config.fatal(f"no wfc in {bin_dir}; build it, or pass --param bin_dir=DIR")
config.test_exec_root = os.path.join(bin_dir, "lit")
os.makedirs(config.test_exec_root, exist_ok=True)

# Nothing of the caller's environment reaches a test but what the sanitizers and ./dev mutate need.
config.environment = {
    "PATH": os.pathsep.join(
        [os.path.join(config.test_source_root, "bin"), bin_dir, "/usr/lib/llvm-19/bin", "/usr/bin", "/bin"]),
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TMPDIR": "/tmp",
}
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE", "WFC_MUTATE_SUPPRESS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions.append(("%root", root))
config.substitutions.append(("%examples", os.path.join(root, "examples")))
# For FileCheck, with checks in the order of the findings: `-DAG` would let others stand between them.
config.substitutions.append(("%no_other_findings", r"--implicit-check-not='{{(error|warning|note)\[}}'"))
