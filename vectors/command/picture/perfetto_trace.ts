/**
 * Checked traces as TrackEvents of Perfetto (`protos/perfetto/trace/track_event/`): what `viewer_trace.ts`
 * says in JSON, for those who join it with other Perfetto traces of the same run.
 *
 * @module
 */
import { PbfWriter } from "npm:pbf@5.1.2";
import type { ViewerEvent } from "./viewer_trace.ts";

/** Numbers of fields, as Perfetto's .proto files have them. */
const trace = { packet: 1 };
const packet = { timestamp: 8, sequence: 10, event: 11, descriptor: 60 };
const descriptor = { uuid: 1, name: 2, process: 3, thread: 4, parent: 5 };
const process = { pid: 1, name: 6 };
const thread = { pid: 1, tid: 2, name: 5 };
const event = { annotation: 4, type: 9, track: 11, category: 22, name: 23 };
const annotation = { integer: 4, text: 6, name: 10 };
const begins = 1, ends = 2, instant = 3;

/** The bytes of a `perfetto.protos.Trace`. Times are nanoseconds, or counts of a clock that counts. */
export function perfettoTrace(events: readonly ViewerEvent[]): Uint8Array<ArrayBufferLike> {
  const out = new PbfWriter();
  const tracks = new Map<string, Track>();
  for (const each of events.filter(({ ph }) => ph === "M")) {
    const uuid = tracks.size + 1;
    const track = { uuid, lanes: [{ uuid, open: [] }] };
    tracks.set(trackOf(each), track);
    describe(out, uuid, each, tracks.get(`${each.pid}`)?.uuid);
  }
  const spans = events.filter(({ ph }) => ph === "X");
  // An outer span before those within it.
  spans.sort((one, other) => start(one) - start(other) || length(other) - length(one));
  let uuids = tracks.size;
  for (const span of spans) {
    const track = tracks.get(trackOf(span));
    if (track === undefined) continue;
    for (const lane of track.lanes) closeUntil(out, lane, start(span));
    let lane = track.lanes.find(({ open }) =>
      (open.at(-1) ?? Infinity) >= start(span) + length(span)
    );
    if (lane === undefined) {
      lane = { uuid: ++uuids, open: [] };
      track.lanes.push(lane);
      describeLane(out, lane.uuid, track.uuid);
    }
    write(out, { at: start(span), type: begins, track: lane.uuid, of: span });
    lane.open.push(start(span) + length(span));
  }
  for (const { lanes } of tracks.values()) {
    for (const lane of lanes) closeUntil(out, lane, Infinity);
  }
  for (const each of events.filter(({ ph }) => ph === "i")) {
    // What stands over all is an instant of the whole trace.
    const track = tracks.get(each.s === "g" ? `${each.pid}` : trackOf(each));
    if (track !== undefined) {
      write(out, { at: start(each), type: instant, track: track.uuid, of: each });
    }
  }
  return out.finish();
}

/** Spans that lie within each other: the ends of those that are open, the innermost last. */
interface Lane {
  readonly uuid: number;
  readonly open: number[];
}

/** A task, or a whole trace. Spans that overlap without one lying in the other need a lane each. */
interface Track {
  readonly uuid: number;
  readonly lanes: Lane[];
}

function trackOf({ name, pid, tid }: ViewerEvent): string {
  return name === "process_name" ? `${pid}` : `${pid} ${tid}`;
}

const start = ({ ts = 0 }: ViewerEvent): number => Math.round(ts * 1000);
const length = ({ dur = 0 }: ViewerEvent): number => Math.round(dur * 1000);

/** Ends what is over at a time, the innermost first. */
function closeUntil(out: PbfWriter, { uuid, open }: Lane, time: number): void {
  for (let end = open.at(-1); end !== undefined && end <= time; end = open.at(-1)) {
    open.pop();
    write(out, { at: end, type: ends, track: uuid, of: undefined });
  }
}

/** Something that happens on a track. */
interface Happening {
  readonly at: number;
  readonly type: number;
  readonly track: number;
  /** What it is called; an end has no name. */
  readonly of: ViewerEvent | undefined;
}

function write(out: PbfWriter, { at, type, track, of }: Happening): void {
  writePacket(out, (body) => {
    body.writeVarintField(packet.timestamp, at);
    body.writeMessage(packet.event, (_, fields) => {
      fields.writeVarintField(event.type, type);
      fields.writeVarintField(event.track, track);
      if (of === undefined) return;
      fields.writeStringField(event.category, of.s === "g" ? "breach" : "kernel");
      fields.writeStringField(event.name, of.name);
      for (const [name, value] of Object.entries(of.args)) {
        fields.writeMessage(event.annotation, writeAnnotation, { name, value });
      }
    }, undefined);
  });
}

function writeAnnotation(
  { name, value }: { readonly name: string; readonly value: unknown },
  out: PbfWriter,
): void {
  if (typeof value === "number") out.writeVarintField(annotation.integer, value);
  else out.writeStringField(annotation.text, String(value));
  out.writeStringField(annotation.name, name);
}

function describe(
  out: PbfWriter,
  uuid: number,
  { name: kind, pid, tid, args }: ViewerEvent,
  parent: number | undefined,
): void {
  const name = String(args.name);
  writePacket(out, (body) =>
    body.writeMessage(packet.descriptor, (_, fields) => {
      fields.writeVarintField(descriptor.uuid, uuid);
      if (kind === "process_name") {
        fields.writeMessage(descriptor.process, (_, of) => {
          of.writeVarintField(process.pid, pid);
          of.writeStringField(process.name, name);
        }, undefined);
        return;
      }
      if (parent !== undefined) fields.writeVarintField(descriptor.parent, parent);
      fields.writeMessage(descriptor.thread, (_, of) => {
        of.writeVarintField(thread.pid, pid);
        of.writeVarintField(thread.tid, tid);
        of.writeStringField(thread.name, name);
      }, undefined);
    }, undefined));
}

function describeLane(out: PbfWriter, uuid: number, parent: number): void {
  writePacket(out, (body) =>
    body.writeMessage(packet.descriptor, (_, fields) => {
      fields.writeVarintField(descriptor.uuid, uuid);
      fields.writeStringField(descriptor.name, "at the same time");
      fields.writeVarintField(descriptor.parent, parent);
    }, undefined));
}

function writePacket(out: PbfWriter, body: (fields: PbfWriter) => void): void {
  out.writeMessage(trace.packet, (_, fields) => {
    fields.writeVarintField(packet.sequence, 1);
    body(fields);
  }, undefined);
}
