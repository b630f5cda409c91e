/**
 * Pictures as data: what they show is what was found, and nothing that others wrote can be more than text.
 *
 * @module
 */
import { PbfReader } from "pbf";
import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { choicesOf, pathOfChoices, pathOfRun } from "../model/race/choices.ts";
import { runOf } from "../model/race.ts";
import { judgePath } from "../model/race/judgement.ts";
import { waitingAfter } from "../model/race/waiting.ts";
import { racePicture } from "../model/picture/race_picture.ts";
import { fragmentOf, runOfFragment } from "../vectors/page/address.ts";
import type { FittingState, Track } from "../model/picture/picture.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { traceSource } from "../vectors/kernel/trace_source.ts";
import { perfettoTrace } from "../vectors/command/picture/perfetto_trace.ts";
import { viewerTrace } from "../vectors/command/picture/viewer_trace.ts";
import { checkDocument } from "../vectors/command/picture/check_document.ts";
import { htmlPage } from "../vectors/command/picture/html_page.ts";
import { visible } from "../vectors/command/report/visible.ts";
import { bandOf } from "../vectors/page/bands.ts";
import { recordText } from "../vectors/kernel/record_text.ts";
import { codePoint } from "./code_point.ts";

const anything = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.constantFrom("</script>", "<!--<script>", "<img onerror=x>", "\u202e", "\u2028", "a\nb"),
);

/** The block of data in a page. */
function dataOf(html: string): string {
  return /<script type="application\/json" id="document">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
}

Deno.test("whatever others wrote, the page carries it as text, and it ends no block", () => {
  fc.assert(fc.property(fc.array(anything), anything, (texts, title) => {
    const html = htmlPage({ title, script: "let x;", document: { texts } });
    const data = dataOf(html);
    assertFalse(data.includes("<"));
    const seen = texts.map((text) => text.split("\n").map(visible).join("\n"));
    assertEquals(JSON.parse(data), { texts: seen });
    const [, named = ""] = /<title>(.*?)<\/title>/s.exec(html) ?? [];
    assertFalse(named.includes("<"));
    assertEquals(html.match(/<script/g)?.length, 2);
  }));
});

Deno.test("a page allows its own style and script, and nothing else", () => {
  const html = htmlPage({ title: "x", script: "let x;", document: {} });
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  assertEquals(
    policy.replaceAll(/sha256-[\w+/=]{44}/g, "HASH"),
    "default-src 'none'; script-src 'HASH'; style-src 'HASH'; base-uri 'none'; form-action 'none'",
  );
});

/** States of two lanes, some of which rest on something unseen. */
const states: fc.Arbitrary<readonly FittingState[]> = fc.array(
  fc.record({
    values: fc.tuple(fc.constantFrom("clear", "set"), fc.constantFrom("none", "read", "write")),
    ifOnly: fc.constantFrom(undefined, "if"),
  }, { requiredKeys: ["values"] }).map(({ values, ifOnly }) => ({
    values,
    ...(ifOnly === undefined ? {} : { ifOnly }),
  })),
  { maxLength: 4 },
);

Deno.test("a band says a value for certain only where every state that fits has it", () => {
  fc.assert(fc.property(fc.array(states, { minLength: 1 }), (sets) => {
    const lanes = [{ name: "DIRTY", says: "", idle: "clear" }, {
      name: "PTE",
      says: "",
      idle: "none",
    }];
    const track: Track = { name: "page 0", lanes, sets, at: sets.map((_, at) => at) };
    for (const lane of [0, 1]) {
      for (const [row, { kind, text }] of bandOf(track, lane).entries()) {
        const all = sets[row] ?? [];
        const plain = all.filter(({ ifOnly }) => ifOnly === undefined);
        const values = new Set((plain.length > 0 ? plain : all).map(({ values }) => values[lane]));
        assertEquals(kind === "unseen", values.size === 0);
        assertEquals(kind === "several", values.size > 1);
        if (values.size === 1) assert(values.has(text));
      }
    }
  }));
});

Deno.test("the picture of a race ends with its breach, and its arrows run forward to it", () => {
  const few = ["A0", "A7", "D0", "D3-pmd", "D3-two"];
  let drawn = 0;
  for (const design of designs.filter(({ id }) => few.includes(id))) {
    for (const finding of explore(design).findings) {
      if (finding.verdict !== "violated") continue;
      const { steps, tracks, arrows, calls, tasks } = racePicture(design, finding.path, {
        all: false,
      });
      drawn++;
      assertEquals(steps.length, finding.path.length);
      assertEquals(steps.at(-1)?.part, "breach");
      for (const { at, sets, lanes } of tracks) {
        assertEquals(at.length, steps.length + 1);
        for (const set of sets) {
          assertEquals(set.map(({ values }) => values.length), [lanes.length]);
        }
      }
      for (const { from, to } of arrows) assert(from < to && to === steps.length - 1);
      for (const { task, from, to } of calls) assert(task < tasks.length && from <= to);
    }
  }
  assert(drawn > 4, String(drawn));
});

Deno.test("a run is played back from the numbers of its choices, and from its address", () => {
  for (const design of designs.filter(({ id }) => ["A0", "D3-pmd", "E1"].includes(id))) {
    for (const finding of explore(design).findings) {
      if (finding.verdict !== "violated") continue;
      const choices = choicesOf(design, finding.path);
      const address = fragmentOf({ design: design.id, choices });
      assertEquals(runOfFragment(address), { design: design.id, choices });
      assertEquals(runOf(pathOfChoices(design, choices)), runOf(finding.path));
      const path = pathOfRun(design, runOf(finding.path));
      assert(path !== undefined);
      assertEquals(runOf(path), runOf(finding.path));
      const { moves } = judgePath(design, finding.path);
      assert(moves.at(-1)?.broken.includes(finding.id), finding.id);
    }
  }
  fc.assert(fc.property(fc.string(), fc.array(fc.nat(), { maxLength: 5 }), (name, choices) => {
    const design = `d${name}`;
    if (!design.isWellFormed()) return;
    assertEquals(runOfFragment(fragmentOf({ design, choices })), { design, choices });
  }));
});

Deno.test("who cannot go on waits, and it is said for what", () => {
  const design = designs.find(({ id }) => id === "D3-pmd");
  assert(design !== undefined);
  const stuck = explore(design).findings.find(({ verdict }) => verdict === "violated");
  assert(stuck?.verdict === "violated");
  const walked = stuck.path.map((_, at) => waitingAfter(design, stuck.path.slice(0, at)));
  for (const { actor, because } of walked.flat()) {
    assert(design.actors.some(({ name }) => name === actor) && because !== "");
  }
});

Deno.test("a trace for viewers has spans that begin before they end, and every breach", async () => {
  const path = "5.10-mkclean-ext4.trace.txt";
  const source = await traceSource(`${recordedFolder}/${path}`, true);
  const trace = await source.open();
  assert(trace.kind === "trace");
  const options = { path, kernel: "5.10.262" };
  const result = await checkTrace(trace, options);
  const { traceEvents } = await viewerTrace([{ result, source, options }]);
  const breaches = traceEvents.filter(({ s }) => s === "g");
  assertEquals(breaches.map(({ name, args }) => [name, args.line]), [["DAX-CLEAN-2", 189], [
    "DAX-CLEAN-2",
    237,
  ]]);
  const spans = traceEvents.filter(({ ph }) => ph === "X");
  assert(spans.some(({ name }) => name === "fsync(3)"));
  const named = new Set(traceEvents.filter(({ ph }) => ph === "M").map(({ tid }) => tid));
  for (const { ph, ts = -1, dur = 0, tid } of traceEvents) {
    assert(named.has(tid));
    if (ph !== "M") assert(ts >= 0 && dur >= 0);
  }
});

Deno.test("as TrackEvents, spans of a task lie within each other, and none is lost", async () => {
  const { checked } = await lanesOfRecording("6.12-failed-flush-ext4", "6.12.107");
  const { traceEvents } = await viewerTrace([checked]);
  const events = trackEvents(perfettoTrace(traceEvents));
  const open = new Map<number, number>();
  let last = 0;
  for (const { type, track, at } of events.filter(({ type }) => type !== 3)) {
    const depth = (open.get(track) ?? 0) + (type === 1 ? 1 : -1);
    assert(depth >= 0);
    open.set(track, depth);
    if (type === 1) {
      assert(at >= last);
      last = at;
    }
  }
  assert([...open.values()].every((depth) => depth === 0));
  const named = (kind: number) =>
    events.filter(({ type }) => type === kind).map(({ name }) => name).sort();
  const said = (phase: string) =>
    traceEvents.filter(({ ph }) => ph === phase).map(({ name }) => name).sort();
  assertEquals([named(1), named(3)], [said("X"), said("i")]);
});

Deno.test("spans that overlap have a lane each, and an inner one ends before its outer one", () => {
  const span = (name: string, ts: number, dur: number) =>
    ({ name, ph: "X", pid: 1, tid: 7, ts, dur, args: {} }) as const;
  const task = { name: "thread_name", ph: "M", pid: 1, tid: 7, args: { name: "a-7" } } as const;
  const spans = [span("outer", 1, 10), span("inner", 2, 3), span("across", 4, 9)];
  assertEquals(
    trackEvents(perfettoTrace([task, ...spans])).map(({ at, type, track }) => [at, type, track]),
    [[1000, 1, 1], [2000, 1, 1], [4000, 1, 2], [5000, 2, 1], [11000, 2, 1], [13000, 2, 2]],
  );
});

/** What a message has in one field, if it is a number; or the messages in it. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  return new PbfReader(bytes).readFields(
    (tag: number, fields: Map<number, (number | Uint8Array)[]>, reader: PbfReader) => {
      const value = (reader.type & 7) === 0 ? reader.readVarint() : reader.readBytes();
      fields.set(tag, [...fields.get(tag) ?? [], value]);
    },
    new Map<number, (number | Uint8Array)[]>(),
  );
}

const numberOf = (fields: Fields, tag: number): number => {
  const [value] = fields.get(tag) ?? [];
  return typeof value === "number" ? value : -1;
};
const bytesOf = (fields: Fields, tag: number): Uint8Array | undefined => {
  const [value] = fields.get(tag) ?? [];
  return typeof value === "number" ? undefined : value;
};

/** The TrackEvents of a trace, read with the field numbers of Perfetto's .proto files. */
function trackEvents(bytes: Uint8Array) {
  return (fieldsOf(bytes).get(1) ?? []).flatMap((packet) => {
    if (typeof packet === "number") return [];
    const fields = fieldsOf(packet);
    const event = bytesOf(fields, 11);
    if (event === undefined) return [];
    const within = fieldsOf(event);
    const name = new TextDecoder().decode(bytesOf(within, 23) ?? new Uint8Array());
    return [{
      at: numberOf(fields, 8),
      type: numberOf(within, 9),
      track: numberOf(within, 11),
      name,
    }];
  });
}

/** Lanes of the first picture of a bundled recording, by name: a text for each row. */
async function lanesOfRecording(name: string, kernel: string) {
  const path = `${name}.trace.txt.gz`;
  const source = await traceSource(`${recordedFolder}/${path}`, true);
  const trace = await source.open();
  assert(trace.kind === "trace");
  const options = { path, kernel };
  const result = await checkTrace(trace, options);
  const { breaches } = await checkDocument([{ result, source, options }], [], { most: 1 });
  const [breach, ...others] = breaches;
  assert(breach !== undefined && others.length === 0);
  const { picture } = breach;
  const lanes = picture.tracks.flatMap((track) =>
    track.lanes.map(({ name }, lane) =>
      [name, bandOf(track, lane).map(({ text }) => text)] as const
    )
  );
  const checked = { result, source, options };
  return { id: breach.id, picture, lanes: Object.fromEntries(lanes), checked };
}

Deno.test("a breach of DUR-1 shows what the disk had, and that no flush has made it survive", async () => {
  const { id, picture, lanes, checked } = await lanesOfRecording(
    "6.12-failed-flush-ext4",
    "6.12.107",
  );
  assertEquals(id, "DUR-1");
  assertEquals(lanes, {
    data: [
      // What a call must find flushed is known once its file system is entered.
      "not seen",
      "not seen",
      "in the device",
      // While a flush is under way it may have been.
      "in the device or flushed",
      "in the device or flushed",
      "in the device",
    ],
  });
  assertEquals(picture.calls.map(({ text, from, to }) => [text, from, to]), [["fsync(4)", 0, 4]]);
  const { traceEvents } = await viewerTrace([checked]);
  const spans = traceEvents.filter(({ ph }) => ph === "X");
  const lines = spans.map(({ args }) => args.line);
  assertEquals(spans.length, 22);
  assertEquals(new Set(lines).size, lines.length);
  assert(lines.includes(picture.steps[0]?.line));
});

Deno.test("a breach of PIN-3 shows a folio that was clean, and is dirty with nobody asked", async () => {
  const { id, picture, lanes } = await lanesOfRecording("6.18-pin-ext4", "6.18.44");
  assertEquals(id, "PIN-3");
  const { folio, PG_dirty, PG_writeback, data } = lanes;
  assertEquals(folio, ["not seen", ...Array(6).fill("cached")]);
  assertEquals(PG_dirty, ["not seen", "clear or set", "set", "clear", "set", "clear", "set"]);
  assertEquals(PG_writeback?.slice(3), ["set", "clear", "set", "clear"]);
  assertEquals(data?.slice(2), [
    "in memory",
    "in the device or in memory",
    "in memory",
    "in the device or in memory",
    "in memory",
  ]);
  // Writeback had ended before the breach, at a line that is no step: it is no cause.
  assertEquals(picture.arrows, []);
});

Deno.test("a record of a binary trace is shown as tracefs would print it", () => {
  const head = { line: 3, task: "procA", pid: 165, cpu: 1, time: 13_673_969_000 };
  assertEquals(
    recordText({ ...head, kind: "tracepoint", name: "dax_pmd_fault", body: "dev 259:0" }),
    "procA-165 [001] 13.673969: dax_pmd_fault: dev 259:0",
  );
  assertEquals(
    recordText({ ...head, kind: "syscall-exit", syscall: "fsync", result: -5 }),
    "procA-165 [001] 13.673969: sys_fsync -> -5",
  );
});
