#!/usr/bin/env python3
"""An example of a judge of event vectors, in Python 3 and nothing else.

It knows nothing of page caches. What a world holds, what events do to it and what invariants ask
stands in the tables of three chapters, spec/worlds.md, spec/events.md and spec/judging.md; it reads
them and follows them. To write a judge in another language, do the same, or write the rows by hand.
See ../README.md for the contract of drivers.

    deno task conform -- python3 vectors/examples/judge.py
"""
import json
import pathlib
import re
import sys

CAPABILITIES = ["events", "pmd", "private_mmap"]
SPEC = pathlib.Path(__file__).resolve().parents[2] / "spec"


# --- The chapters ------------------------------------------------------------------------------------

def tables(text):
    """Tables of a chapter by the head of their first column: of each name, the rows beside it."""
    found, table, names = {}, None, None
    for line in text.splitlines():
        if not line.startswith("|"):
            table = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if table is None:
            table = found.setdefault(cells[0], [])
        elif not re.fullmatch(r"[-| ]*", line):
            if cells[0]:
                table.append((cells[0].replace("`", ""), names := []))
            names.append(cells[1])
    return found


def lines(rows):
    """What stands in back-ticks, alone or behind a word; a row that begins with dots goes on."""
    found = []
    for row in rows:
        match = re.fullmatch(r"(\.\.\. |(?:possible|asked|kept) if )?`(.*)`", row)
        if match and match[1] == "... ":
            found[-1][1] += " " + match[2]
        elif match:
            found.append([match[1] or "", match[2]])
    return found


# --- The notation ------------------------------------------------------------------------------------

TOKEN = re.compile(r'\s*(0x[0-9a-f]+|\d+|"[^"]*"|\w+|==|!=|<=|>=|<<|.)')


class Line:
    """Makes Python of a line of the notation. `names` are those that the lines before it have given."""

    def __init__(self, text, names, fields, constants):
        self.tokens, self.at = TOKEN.findall(text.strip()), 0
        self.names, self.fields, self.constants = names, fields, constants

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *wanted):
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            return self.next()
        return None

    def need(self, wanted):
        if not self.take(wanted):
            raise SyntaxError(f"expected {wanted}: {self.tokens[self.at:]}")

    def statement(self, indent="    "):
        if self.take("if"):
            condition = self.expression()
            self.need(":")
            return f"{indent}if {condition}:\n" + self.statement(indent + "  ")
        if self.take("for"):
            name, span = self.range()
            return f"{indent}for v_{name} in {span}:\n" + self.statement(indent + "  ")
        if self.take("do"):
            return f"{indent}do_{self.next()}(w, {self.arguments()})\n"
        if self.take("only"):
            kept = [token for token in self.tokens[1:-1] if token != ","]
            return f"{indent}w.only({kept!r})\n"
        name = self.next()
        if self.take("="):
            value = self.expression()
            self.names.add(name)
            return f"{indent}v_{name} = {value}\n"
        self.need("[")
        place = self.expression()
        self.need("]")
        how = self.take("=", "gains", "loses")
        value = self.expression()
        old = f"w.read({name!r}, {place})"
        new = {"=": value, "gains": f"{old} | {value}", "loses": f"{old} & ~{value}"}[how]
        return f"{indent}w.write({name!r}, {place}, {new})\n"

    def range(self):
        name = self.next()
        self.need("in")
        self.need("[")
        start = self.expression()
        self.need(",")
        end = self.expression()
        self.need(")")
        self.need(":")
        self.names.add(name)
        return name, f"range({start}, {end})"

    def arguments(self):
        self.need("(")
        values = []
        while not self.take(")"):
            values.append(self.expression())
            self.take(",")
        return ", ".join(values)

    def expression(self):
        condition = self.either()
        if not self.take("?"):
            return condition
        then = self.expression()
        self.need(":")
        return f"({then} if {condition} else {self.expression()})"

    def either(self):
        return self.joined("or", lambda: self.joined("and", self.negated))

    def joined(self, word, part):
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else "bool(" + f" {word} ".join(parts) + ")"

    def negated(self):
        if self.take("not"):
            return f"(not {self.negated()})"
        how = self.take("any", "all", "count", "lowest")
        if not how:
            return self.chain(("==", "!=", "<", ">", "<=", ">="), self.sum)
        name, span = self.range()
        condition, each = self.expression(), f"for v_{name} in {span}"
        if how == "count":
            return f"sum(1 {each} if {condition})"
        if how == "lowest":
            return f"next((v_{name} {each} if {condition}), -1)"
        return f"{how}({condition} {each})"

    def sum(self):
        return self.chain(("+", "-"), lambda: self.chain(("*", "/", "%", "<<"), self.bits))

    def bits(self):
        return self.chain(("&",), self.operand)

    def chain(self, signs, part):
        text = part()
        while sign := self.take(*signs):
            text = f"({text} {'//' if sign == '/' else sign} {part()})"
        return text

    def operand(self):
        token = self.next()
        if token == "(":
            inner = self.expression()
            self.need(")")
            return f"({inner})"
        if token == "-":
            return f"-{self.operand()}"
        if re.match(r'[\d"]', token):
            return token
        if token in ("true", "false"):
            return token.capitalize()
        if self.take("["):
            place = self.expression()
            self.need("]")
            return f"w.read({token!r}, {place})"
        if self.take("("):
            self.at -= 1
            return self.call(token)
        return self.name(token)

    def call(self, function):
        if function == "given":
            name = self.tokens[self.at + 1]
            self.at += 3
            return f"({name!r} in e or {name!r} in w.bounds)"
        if function == "number_of":
            return f"CONSTANTS[{self.arguments()}]"
        return f"is_{function}(w, {self.arguments()})"

    def name(self, name):
        if name in self.names:
            return f"v_{name}"
        if name in self.fields:
            return f"e.get({name!r}, 0)"
        return str(self.constants[name]) if name in self.constants else f"w.bound({name!r})"


# --- Worlds and rules --------------------------------------------------------------------------------

class World:
    def __init__(self, sizes, bounds, start):
        self.bounds = bounds
        self.views = {name: bytearray(self.size(size)) for name, size in sizes.items()}
        for name, values in start.items():
            self.views[name][:] = values

    def size(self, size):
        names, _, part = size.partition("; with ")
        count = 1 if not part or self.bound(part) else 0
        for name in names.split(" × "):
            count *= int(name) if name.isdigit() else self.bound(name)
        return count

    def bound(self, name):
        return int(self.bounds.get(name, 1 if name == "files" else 0))

    def read(self, name, place):
        view = self.views.get(name, b"")
        return view[place] if 0 <= place < len(view) else 0

    def write(self, name, place, value):
        view = self.views.get(name, b"")
        if 0 <= place < len(view):
            view[place] = value & 255

    def only(self, kept):
        for name, view in self.views.items():
            if name not in kept:
                view[:] = bytes(len(view))

    def copy(self):
        other = World({}, self.bounds, {})
        other.views = {name: bytearray(view) for name, view in self.views.items()}
        return other


class Rules:
    """The chapters' tables as Python functions."""

    def __init__(self, spec):
        found = {}
        for chapter in ("worlds", "events", "judging"):
            for head, table in tables((spec / f"{chapter}.md").read_text()).items():
                found.setdefault(head, []).extend(table)
        self.sizes = {name: re.match(r"(.*?): ", " ".join(rows))[1].replace("`", "")
                      for name, rows in found["view"]}
        self.constants = {name: int(value) for _, rows in found["of"]
                          for name, value in re.findall(r"`(\w+)` (\d+)", " ".join(rows))}
        self.space = {"CONSTANTS": self.constants}
        for head, rows in found["function"]:
            self.define("is_", head, lines(rows)[0][1])
        for head, rows in found["procedure"]:
            self.define("do_", head, *(line for _, line in lines(rows)))
        self.events = {}
        for kind, rows in found["event"]:
            fields = {name for row in rows if row.startswith("fields: ")
                      for name in re.findall(r"`(\w+)`", row)}
            body = lines(rows)
            possible = [line for word, line in body if word] or ["true"]
            does = [line for word, line in body if not word]
            self.events[kind] = (fields, self.compiled(fields, possible[0], False),
                                 self.compiled(fields, does, True))
        self.judges = {}
        for invariant, rows in found["invariant"]:
            for looks, kinds, body in self.cases(rows):
                self.judge(invariant, looks, kinds, body)
        self.follows = {name: re.findall(r"[A-Z][\w-]*", " ".join(rows))
                        for name, rows in found["broken"]}

    def cases(self, rows):
        """A row that begins with `before` or `after` begins a rule for some kinds of event."""
        at = [n for n, row in enumerate(rows) if re.match(r"(before|after) `", row)]
        for start, end in zip(at, at[1:] + [len(rows)]):
            kinds = re.findall(r"`(\w+)`", rows[start])
            yield rows[start].split()[0], kinds, lines(rows[start + 1:end])

    def define(self, prefix, head, *body):
        name, parameters = re.fullmatch(r"(\w+)\((.*)\)", head).groups()
        names = [each for each in parameters.split(", ") if each]
        given = ", ".join(["w"] + [f"v_{each}" for each in names])
        if prefix == "is_":
            code = f"    return {Line(body[0], set(names), (), self.constants).expression()}\n"
        else:
            known = set(names)
            code = "".join(Line(line, known, (), self.constants).statement() for line in body)
        exec(f"def {prefix}{name}({given}):\n{code}", self.space)

    def compiled(self, fields, body, statements):
        if statements:
            known = set()
            code = "".join(Line(line, known, fields, self.constants).statement() for line in body)
        else:
            code = f"    return {Line(body, set(), fields, self.constants).expression()}\n"
        exec(f"def rule(w, e):\n{code or '    pass'}\n", self.space)
        return self.space.pop("rule")

    def judge(self, invariant, looks, kinds, body):
        for kind in kinds:
            fields, known, code = self.events[kind][0], set(), "    w = before\n"
            for word, line in body:
                reader = Line(line, known, fields, self.constants)
                if not word:
                    code += reader.statement()
                elif word == "asked if ":
                    code += f"    w = {looks}\n    if not {reader.expression()}: return None\n"
                else:
                    code += f"    return bool({reader.expression()})\n"
            exec(f"def rule(before, e, after):\n{code}", self.space)
            self.judges.setdefault(kind, []).append((invariant, self.space.pop("rule")))


LIMITS = {"page": "pages", "task": "tasks", "mapping": "mappings", "file": "files", "lock": "locks"}


def exists(world, event):
    """True if the numbers of the event are those of something in the world."""
    for name, value in event.items():
        if name in LIMITS and isinstance(value, int) and value >= world.bound(LIMITS[name]):
            return False
        if name in ("from", "to") and value > world.bound("pages"):
            return False
    return world.read("crashed", 0) == 0


def follows(rules, root):
    found = {root}
    while more := {each for one in found for each in rules.follows.get(one, [])} - found:
        found |= more
    return found


def judge(rules, vector):
    world = World(rules.sizes, vector["bounds"], vector["start"])
    broken = {}
    for at, event in enumerate(vector["events"]):
        _, possible, does = rules.events[event["kind"]]
        if not exists(world, event) or not possible(world, event):
            return {"kind": "impossible", "at": at}
        before = world.copy()
        does(world, event)
        for invariant, asks in rules.judges.get(event["kind"], []):
            if invariant not in vector["exempt"] and asks(before, event, world) is False:
                broken.setdefault(invariant, at)
    if not broken:
        return {"kind": "accepted"}
    first = min(broken.values())
    roots = [each for each, at in broken.items() if at == first]
    root = max(roots, key=lambda each: len(follows(rules, each) & set(broken)))
    implied = [{"invariant": each, "at": at} for each, at in broken.items() if each != root]
    return {"kind": "rejected", "invariant": root, "at": first, "implied": implied}


def main():
    rules = Rules(SPEC)
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "bye":
            return
        if request["kind"] == "hello":
            answer = {"kind": "hello", "protocol": 1, "capabilities": CAPABILITIES, "schedules": [],
                      "implementation": {"name": "judge.py", "version": "1", "details": "by spec/"}}
        elif request["vector"]["kind"] == "event":
            answer = {"kind": "verdict", "seq": request["seq"],
                      "verdict": judge(rules, request["vector"])}
        else:
            answer = {"kind": "skipped", "seq": request["seq"], "why": "it judges events only"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
