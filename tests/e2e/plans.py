"""Plans to tamper with, and how they are sealed again."""
import ctypes
import hashlib
import struct

from harness import Skip

WRITER = """
    wfc: 1
    name: writer
    security:
      mode: MODE
      allow: {fs.write: ["reports/**"]}
    workflows:
      main:
        modes: [implement, dry_run]
        input: {fields: {path: string}}
        output: ${stages.w.output}
        stages:
          w: {tool: fs.write, with: {path: "${input.path}", text: hello}}
"""


def writer(bench, mode="implement"):
    return bench.project(WRITER.replace("MODE", mode))


def seal(plan):
    """The plan with its identity and checksum recomputed (backend-runtime/plan/header.h)."""
    try:
        library = ctypes.CDLL("libxxhash.so.0")
    except OSError:
        raise Skip("libxxhash is not installed") from None
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    length = struct.unpack_from("<I", plan, 12)[0]
    sealed = bytearray(plan)
    sealed[32:64] = hashlib.sha256(plan[64:64 + length]).digest()
    rest = library.XXH3_64bits(bytes(sealed[64:]), len(sealed) - 64)
    head = bytes(sealed[:24]) + bytes(sealed[32:64]) + struct.pack("<Q", rest)
    struct.pack_into("<Q", sealed, 24, library.XXH3_64bits(head, len(head)))
    return bytes(sealed)
