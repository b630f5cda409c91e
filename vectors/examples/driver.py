#!/usr/bin/env python3
"""An example of a driver for `pagespec conform`, in Python 3 and nothing else.

It drives the simplest file system that there is: files are arrays of bytes, there is no cache, and
every operation is one step that is durable at once. To drive your own, keep `main` and `run`, and
replace `FileSystem`. See ../README.md for the contract.

    deno task conform -- python3 vectors/examples/driver.py
"""
import itertools
import json
import random
import sys

PAGE = 4096
CAPABILITIES = [
    "mmap", "private_mmap", "direct_io", "async_io", "dsync", "msync", "sync_file_range", "syncfs",
    "preallocate", "punch_hole", "zero_range", "reflink", "crash", "evict",
]


class Failure(Exception):
    """An operation failed: the result says how."""


class FileSystem:
    def __init__(self, files):
        self.files, self.fds, self.mappings = {}, {}, {}
        for name, start in files.items():
            data = self.files[name] = bytearray(start["size"])
            for extent in start["extents"]:
                if extent["kind"] == "data":
                    self.put(data, extent["offset"], bytes([extent["value"]]) * extent["length"])

    @staticmethod
    def put(data, offset, new, grow=False):
        """Replaces bytes; what lies behind the end is dropped, unless the file may grow."""
        if grow and offset + len(new) > len(data):
            data.extend(bytes(offset + len(new) - len(data)))
        new = new[: max(0, len(data) - offset)]
        data[offset:offset + len(new)] = new

    def mapped(self, name, offset):
        """The bytes behind a mapping; no page behind the end of the file can be touched."""
        data = self.mappings[name]["data"]
        if offset // PAGE * PAGE >= len(data):
            raise Failure("SIGBUS")
        return data

    def perform(self, op):
        """What the operation returns: a number, or runs [count, byte] for a read."""
        kind = op["kind"]
        if kind == "open":
            self.fds[op["fd"]] = self.files[op["file"]]
        elif kind == "mmap":
            data = self.fds[op["fd"]]
            private = op["sharing"] == "private"
            self.mappings[op["mapping"]] = {"data": bytearray(data) if private else data,
                                            "writable": op["protection"] == "write"}
        elif kind == "load":
            data = self.mapped(op["mapping"], op["offset"])
            return data[op["offset"]] if op["offset"] < len(data) else 0
        elif kind == "store":
            data = self.mapped(op["mapping"], op["offset"])
            self.put(data, op["offset"], bytes([op["value"]]))
        elif kind == "pread":
            return self.pread(op)
        elif kind == "pwrite":
            if "from" in op:
                at, source = op["from"]["offset"], self.mappings[op["from"]["mapping"]]["data"]
                if at // PAGE * PAGE >= len(source):
                    raise Failure("EFAULT")
                new = bytes(source[at:at + op["length"]])
            else:
                new = bytes([op["value"]]) * op["length"]
            self.put(self.fds[op["fd"]], op["offset"], new, grow=True)
            return len(new)
        elif kind == "fallocate":
            self.fallocate(op)
        elif kind == "ftruncate":
            data = self.fds[op["fd"]]
            del data[op["length"]:]
            data.extend(bytes(op["length"] - len(data)))
        elif kind == "reflink":
            self.fds[op["to"]][:] = self.fds[op["from"]]
        return 0  # as do sync calls and power failures: everything is durable anyway

    def pread(self, op):
        got = bytes(self.fds[op["fd"]][op["offset"]:op["offset"] + op["length"]])
        if "into" in op:
            if not self.mappings[op["into"]["mapping"]]["writable"]:
                raise Failure("EFAULT")
            self.put(self.mapped(op["into"]["mapping"], 0), op["into"]["offset"], got)
            return len(got)
        return [[len(list(run)), value] for value, run in itertools.groupby(got)]

    def fallocate(self, op):
        data, mode, offset, length = self.fds[op["fd"]], op["mode"], op["offset"], op["length"]
        if mode != "preallocate":
            self.put(data, offset, bytes(length))
        if mode != "punch_hole" and not op.get("keepSize"):
            data.extend(bytes(max(0, offset + length - len(data))))


def run(vector, chance):
    """Runs all operations in an order that chance chooses; returns what was observed."""
    system, observed, ended = FileSystem(vector["files"]), {}, set()
    left = {process["name"]: list(process["operations"]) for process in vector["processes"]}
    while any(left.values()):
        ready = [name for name, ops in left.items() if ops and ended >= set(ops[0].get("after", []))]
        name = chance.choice(ready)
        op = left[name].pop(0)
        try:
            observed[op["id"]] = system.perform(op)
        except Failure as failure:
            observed[op["id"]] = str(failure)
        ended.add(op["id"])
        killed = [name] if observed[op["id"]] == "SIGBUS" else []
        for other in [each for each in left if each != name] if op["kind"] == "crash" else killed:
            observed |= {never["id"]: "cut" for never in left[other]}
            ended |= {never["id"] for never in left[other]}
            left[other] = []
    return observed


def answer(vector, schedule):
    chance = random.Random(schedule["seed"])
    runs = [run(vector, chance) for _ in range(schedule["trials"])]
    return {"kind": "outcome", "observations": [{"observation": each, "count": 1} for each in runs]}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "bye":
            return
        if request["kind"] == "hello":
            reply = {"kind": "hello", "protocol": 1, "capabilities": CAPABILITIES,
                     "implementation": {"name": "arrays of bytes", "version": "1"},
                     "schedules": ["sampled"]}
        elif request["vector"]["configuration"]["cache"] == "dax":
            reply = {"kind": "skipped", "seq": request["seq"], "why": "there is no DAX here"}
        else:
            reply = answer(request["vector"], request["schedule"]) | {"seq": request["seq"]}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
