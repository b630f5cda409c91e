/**
 * From records of a kernel trace to observations of the model, by the table of `spec/traces.md`.
 *
 * Streaming: what it keeps is a few words a task, and what it says of a record never waits for a
 * later one, but for a store without a `done` marker, which ends with the task's next action.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { Completeness, FileId, Observation, Where } from "../../model/check/observation.ts";
import { fileKey } from "../../model/check/observation.ts";
import type { Order } from "../../model/xarray.ts";
import { markerFile, markerNumber, readMarker } from "./marker_text.ts";
import type {
  MarkerRecord,
  ProbeRecord,
  RecordHead,
  SyscallEnterRecord,
  SyscallExitRecord,
  TaskRecord,
  TraceHeader,
  TracepointRecord,
  TraceRecord,
} from "./record.ts";
import { purposeOf, truncate } from "./system_calls.ts";
import { createTask, type OpenCall, type PendingRemoval, type TaskState } from "./task.ts";
import { type KernelEvent, readTracepoint } from "./tracepoints.ts";

const pageSize = 4096;

/** What is known of the kernel that made the trace. */
export interface KernelKnown {
  /** `5.10.262`, from `--kernel` or a card; undefined if nobody said. */
  readonly version: string | undefined;
}

/** What a translator has met so far that a report must tell. */
export interface TranslationNotes {
  /** Removals whose file no event named, by tasks that have a DAX mapping. */
  namelessRemovals: Where[];
  /** Fault results that the text does not show (`trace-cmd report`). */
  unknownResults: number;
  /** Marked stores that could not be tied to one file and mapping. */
  untiedStores: number;
}

/** A translator of one trace. */
export interface Translator {
  readonly notes: TranslationNotes;
  /** What the records so far prove the trace to contain. */
  completeness(): Completeness;
  /** Takes one record; hands observations to `emit` in the order in which they hold. */
  translate(record: TraceRecord): void;
}

/** Makes a translator that hands its observations to `emit`. */
export function createTranslator(
  header: TraceHeader,
  kernel: KernelKnown,
  emit: (observation: Observation) => void,
): Translator {
  const tasks = new Map<number, TaskState>();
  const seen = new Set<string>();
  /** `struct address_space *` as probes print it, to the file that it was seen with. */
  const pointers = new Map<string, FileId>();
  const notes: TranslationNotes = { namelessRemovals: [], unknownResults: 0, untiedStores: 0 };
  let declared: FileId | undefined;
  let calls = 0;
  let visitsRecorded = false;
  let completeness: Completeness | undefined;
  let olderThan7 = header.latencyColumns === 4 || knownToRemoveWhole(kernel.version);

  const taskOf = (pid: number): TaskState => {
    let task = tasks.get(pid);
    if (task === undefined) tasks.set(pid, task = createTask(pid));
    return task;
  };

  const whereOf = (record: RecordHead, text: string): Where => ({
    line: record.line,
    time: record.time,
    cpu: record.cpu,
    task: record.task,
    pid: record.pid,
    text,
  });

  const gap = (line: number, reason: string): void => {
    for (const task of tasks.values()) {
      task.fault = undefined;
      task.faultSince = undefined;
      task.call = undefined;
      task.pass = undefined;
      task.store = undefined;
    }
    emit({ kind: "gap", line, reason });
  };

  /** A fault that began must end before its task does anything else. */
  const endOpenFault = (task: TaskState, record: RecordHead, does: string): void => {
    const open = task.fault;
    task.faultSince = undefined;
    if (open === undefined) return;
    task.fault = undefined;
    if (!seen.has(`${open.name}_done`)) return;
    gap(
      record.line,
      `${open.name} at line ${open.line} has no ${open.name}_done before ${task.pid} ${does} ` +
        `at line ${record.line}: an event is missing`,
    );
  };

  const faultSince = (task: TaskState): number => task.faultSince ?? task.lastLine;

  const faulted = (task: TaskState, file: FileId, mapping: string): void => {
    const key = fileKey(file);
    const known = task.mappings.get(key);
    if (known === undefined) task.mappings.set(key, { file, ids: new Set([mapping]) });
    else known.ids.add(mapping);
  };

  const faultBegins = (
    task: TaskState,
    record: TracepointRecord,
    event: KernelEvent & { kind: "fault_begin" },
  ): void => {
    const since = faultSince(task);
    endOpenFault(task, record, "faults again");
    task.faultSince = since;
    const { file, pgoff } = event;
    task.fault = { line: record.line, name: record.name, file, pgoff };
    task.hole = false;
  };

  const faultEnds = (
    task: TaskState,
    record: TracepointRecord,
    event: KernelEvent & { kind: "fault_end" },
  ): void => {
    const since = faultSince(task);
    const open = task.fault;
    const { hole } = task;
    const begin = record.name.replace(/_done$/, "");
    task.fault = undefined;
    task.hole = false;
    if (open === undefined && seen.has(begin) && task.lastLine > 0) {
      gap(
        record.line,
        `${record.name} at line ${record.line} has no ${begin} before it: ` +
          "an event is missing",
      );
      return;
    }
    const { file, pgoff, order, write, result, shared } = event;
    const mapping = String(event.address - pgoff * pageSize);
    if (result === "retry" || result === "fallback") {
      task.faultSince = since;
      return;
    }
    task.faultSince = undefined;
    if (!shared || result === "none") return;
    faulted(task, file, mapping);
    if (result === "sync-pending") {
      task.syncFaultOrder = order;
      return;
    }
    if (result === "unknown") notes.unknownResults++;
    const where = whereOf(record, event.text);
    if (hole && order === "pte") return;
    if (hole) {
      emit({ kind: "hole", where, since, file, pgoff, order, mapping });
      return;
    }
    emit({
      kind: "fault",
      where,
      since,
      file,
      pgoff,
      order,
      write,
      mapping,
      outcome: result === "mapped" ? "mapped" : "unknown",
      holeVisible: seen.has("dax_load_hole") || seen.has("dax_pmd_load_hole"),
    });
  };

  const nameRemoval = (call: OpenCall & { kind: "removal" }, file: FileId, where: Where): void => {
    if (call.named) return;
    call.named = true;
    const { why, fromByte, toByte, text } = call.begin;
    emit({
      kind: "removal_begin",
      where: { ...where, text },
      call: call.call,
      file,
      why,
      fromByte,
      toByte,
    });
  };

  /** An event inside the task's system call names the file that the call works on. */
  const nameCall = (task: TaskState, file: FileId, where: Where): void => {
    const call = task.call;
    if (call === undefined || task.faultSince !== undefined) return;
    if (call.kind === "removal") nameRemoval(call, file, where);
    if (call.kind === "sync") {
      const range = call.ranged ? undefined : { from: 0, to: Infinity };
      emit({ kind: "sync_file", where, call: call.call, file, range });
    }
    if ((call.kind === "removal" || call.kind === "sync") && call.fd !== undefined) {
      task.descriptors.set(call.fd, file);
    }
  };

  const tracepoint = (task: TaskState, record: TracepointRecord): void => {
    const event = readTracepoint(record, header.format);
    if (event === undefined) return;
    match(event)
      .with({ kind: "user_fault" }, () => {
        const since = task.lastLine;
        endOpenFault(task, record, "faults again");
        task.faultSince = since;
      })
      .with({ kind: "fault_begin" }, (begin) => faultBegins(task, record, begin))
      .with({ kind: "fault_end" }, (end) => faultEnds(task, record, end))
      .with({ kind: "hole" }, ({ file, pgoff, address, shared, text }) => {
        task.hole = true;
        if (!shared || pgoff === undefined || address === undefined) return;
        const mapping = String(address - pgoff * pageSize);
        faulted(task, file, mapping);
        emit({
          kind: "hole",
          where: whereOf(record, text),
          since: faultSince(task),
          file,
          pgoff,
          order: "pte",
          mapping,
        });
      })
      .with({ kind: "sync_mapped" }, ({ file, pgoff, address, shared, text }) => {
        const order: Order = task.syncFaultOrder ?? "pte";
        task.syncFaultOrder = undefined;
        if (!shared) return;
        emit({
          kind: "fault",
          where: whereOf(record, text),
          since: faultSince(task),
          file,
          pgoff,
          order,
          write: true,
          mapping: String(address - pgoff * pageSize),
          outcome: "mapped",
          holeVisible: true,
        });
      })
      .with({ kind: "writeback_begin" }, ({ file, from, to, text }) => {
        task.pass = { file, visits: [] };
        const where = whereOf(record, text);
        nameCall(task, file, where);
        const call = task.call;
        if (call?.kind !== "sync" || task.faultSince !== undefined) return;
        call.rangeKnown = true;
        if (call.ranged) {
          emit({ kind: "sync_file", where, call: call.call, file, range: { from, to: to + 1 } });
        }
      })
      .with({ kind: "writeback_end" }, () => {
        task.pass = undefined;
      })
      .with({ kind: "cleaned" }, ({ file, pgoff, order, text }) => {
        const visits = task.pass?.visits ?? [];
        if (task.pass !== undefined) task.pass.visits = [];
        emit({
          kind: "cleaned",
          where: whereOf(record, text),
          file,
          pgoff,
          order,
          visits: visitsRecorded && task.pass !== undefined ? visits : undefined,
          laterVisitsDoubtful: visits.some(({ kind }) => kind === "address"),
        });
      })
      .with({ kind: "unreadable" }, () => {
        gap(record.line, `line ${record.line}: the fields of ${record.name} cannot be read`);
      })
      .with({ kind: "names_file" }, ({ file, text }) => {
        nameCall(task, file, whereOf(record, text));
      })
      .exhaustive();
  };

  const probe = (task: TaskState, record: ProbeRecord): void => {
    if (record.returns) return;
    const { function: name, args } = record;
    const pointer = args["mapping"];
    if (pointer !== undefined) {
      const file = pointers.get(pointer);
      const open = task.fault;
      if (file !== undefined) nameCall(task, file, whereOf(record, name));
      else if (task.pass !== undefined) pointers.set(pointer, task.pass.file);
      else if (open !== undefined) pointers.set(pointer, open.file);
    }
    if (task.pass === undefined) return;
    if (name === "pfn_mkclean_range") {
      visitsRecorded = true;
      const start = Number(args["vm_start"]);
      const end = Number(args["vm_end"]);
      if (Number.isFinite(start) && Number.isFinite(end)) {
        task.pass.visits.push({ kind: "vma", start, end });
      }
    }
    if (name === "follow_invalidate_pte") {
      visitsRecorded = true;
      const address = Number(args["addr"]);
      if (Number.isFinite(address)) task.pass.visits.push({ kind: "address", address });
    }
  };

  const syscallEnter = (task: TaskState, record: SyscallEnterRecord): void => {
    if (record.bareHexadecimal && !olderThan7) {
      olderThan7 = true;
      completeness = undefined;
    }
    endOpenFault(task, record, `calls ${record.syscall}`);
    closeStore(task, record);
    const fd = record.args["fd"];
    const purpose = purposeOf(record);
    task.call = match(purpose)
      .with({ kind: "sync" }, ({ ranged, text }): OpenCall => {
        const call = ++calls;
        emit({ kind: "sync_begin", where: whereOf(record, text), call });
        return { kind: "sync", call, name: record.syscall, fd, ranged, rangeKnown: false };
      })
      .with({ kind: "removal" }, (begin): OpenCall => {
        const call = ++calls;
        const open: OpenCall = {
          kind: "removal",
          call,
          name: record.syscall,
          fd,
          begin,
          named: false,
        };
        const file = announcedFile(task, begin) ??
          (fd === undefined ? undefined : task.descriptors.get(fd));
        if (file !== undefined) {
          if (fd !== undefined) task.descriptors.set(fd, file);
          nameRemoval(open, file, whereOf(record, begin.text));
        }
        return open;
      })
      .with({ kind: "unmap" }, ({ start, end, text }): OpenCall => {
        emit({ kind: "unmap", where: whereOf(record, text), start, end, done: false });
        return { kind: "unmap", name: record.syscall, start, end };
      })
      .with({ kind: "other" }, (): OpenCall => ({ kind: "other", name: record.syscall }))
      .exhaustive();
  };

  /** The file that a marker named, if the marker announced this very removal. */
  const announcedFile = (task: TaskState, begin: PendingRemoval): FileId | undefined => {
    if (task.announced === undefined || declared === undefined) return undefined;
    const offset = markerNumber(task.announced, "off") ?? markerNumber(task.announced, "size");
    return offset === begin.fromByte ? declared : undefined;
  };

  const syscallExit = (task: TaskState, record: SyscallExitRecord): void => {
    const call = task.call;
    task.call = undefined;
    if (call === undefined || call.name !== record.syscall) return;
    const failed = record.result < 0;
    const where = whereOf(record, `${call.name} -> ${record.result}`);
    match(call)
      .with({ kind: "sync" }, ({ call: number, ranged, rangeKnown }) => {
        const promises = record.result === 0 && (!ranged || rangeKnown);
        emit({ kind: "sync_end", where, call: number, promises });
      })
      .with({ kind: "removal" }, ({ call: number, named }) => {
        if (named) emit({ kind: "removal_end", where, call: number, done: !failed });
        else if (!failed && task.mappings.size > 0) notes.namelessRemovals.push(where);
      })
      .with({ kind: "unmap" }, ({ start, end }) => {
        if (!failed) emit({ kind: "unmap", where, start, end, done: true });
      })
      .with({ kind: "other" }, () => {})
      .exhaustive();
  };

  /** The announced store has happened by now. */
  const closeStore = (task: TaskState, record: RecordHead): void => {
    const store = task.store;
    task.store = undefined;
    if (store === undefined) return;
    emitStore(task, record, store.since, store.offset, store.address);
  };

  const emitStore = (
    task: TaskState,
    record: RecordHead,
    since: number,
    offset: number,
    address: number | undefined,
  ): void => {
    const pgoff = Math.floor(offset / pageSize);
    const candidates = [...task.mappings.values()].flatMap(({ file, ids }) =>
      [...ids].filter((id) => address === undefined || Number(id) === address - offset)
        .map((mapping) => ({ file, mapping }))
    );
    const [only, ...others] = candidates;
    if (only === undefined || others.length > 0) {
      if (task.mappings.size > 0) notes.untiedStores++;
      return;
    }
    const text = `store to page ${pgoff}`;
    emit({ kind: "store", where: whereOf(record, text), since, ...only, pgoff });
  };

  const marker = (task: TaskState, record: MarkerRecord): void => {
    const { words, done } = readMarker(record.text);
    declared = markerFile(words) ?? declared;
    const operation = words.get("op");
    if (operation === undefined) return;
    endOpenFault(task, record, "writes a marker");
    const offset = markerNumber(words, "off");
    if (operation === "store" && done && task.store === undefined && offset !== undefined) {
      emitStore(task, record, task.lastLine, offset, markerNumber(words, "va"));
      return;
    }
    closeStore(task, record);
    if (done) {
      endMarkedTruncate(task, record, operation);
      task.announced = undefined;
      return;
    }
    task.announced = words;
    if (operation === "store" && offset !== undefined) {
      task.store = { since: record.line, offset, address: markerNumber(words, "va") };
    }
    if (operation === "truncate") beginMarkedTruncate(task, record, words);
  };

  /** A truncate that only the program's markers show. */
  const beginMarkedTruncate = (
    task: TaskState,
    record: MarkerRecord,
    words: ReadonlyMap<string, string>,
  ): void => {
    const purpose = truncate(markerNumber(words, "size"));
    if (declared === undefined || purpose.kind !== "removal" || seen.has("sys_ftruncate")) return;
    const call: OpenCall = {
      kind: "removal",
      call: ++calls,
      name: "marker",
      fd: undefined,
      begin: purpose,
      named: false,
    };
    task.call = call;
    nameRemoval(call, declared, whereOf(record, purpose.text));
  };

  const endMarkedTruncate = (task: TaskState, record: MarkerRecord, operation: string): void => {
    const call = task.call;
    if (operation !== "truncate" || call?.kind !== "removal" || call.name !== "marker") return;
    task.call = undefined;
    const where = whereOf(record, "truncate done");
    emit({ kind: "removal_end", where, call: call.call, done: true });
  };

  const see = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    completeness = undefined;
  };

  const taskRecord = (record: TaskRecord): void => {
    const task = taskOf(record.pid);
    match(record)
      .with({ kind: "tracepoint" }, (each) => {
        tracepoint(task, each);
        see(each.name);
      })
      .with({ kind: "probe" }, (each) => probe(task, each))
      .with({ kind: "syscall-enter" }, (each) => {
        syscallEnter(task, each);
        see(`sys_${each.syscall}`);
      })
      .with({ kind: "syscall-exit" }, (each) => syscallExit(task, each))
      .with({ kind: "marker" }, (each) => marker(task, each))
      .exhaustive();
    task.lastLine = record.line;
  };

  return {
    notes,
    completeness: () =>
      completeness ??= {
        faults: seen.has("page_fault_user") ||
          (seen.has("dax_pte_fault_done") && seen.has("dax_pmd_fault_done")),
        unmaps: seen.has("sys_munmap") || seen.has("sys_mmap"),
        removesWholeEntries: olderThan7,
      },
    translate: (record) => {
      match(record)
        .with({ kind: "lost" }, ({ line, count, cpu }) => {
          const many = count === undefined ? "events" : `${count} events`;
          const on = cpu === undefined ? "" : ` on CPU ${cpu}`;
          gap(line, `${many} were lost${on} before line ${line}`);
        })
        .with({ kind: "malformed" }, ({ line, harmless, expected }) => {
          if (!harmless) gap(line, `line ${line} cannot be read (expected ${expected})`);
        })
        .with(
          { kind: "tracepoint" },
          { kind: "probe" },
          { kind: "syscall-enter" },
          { kind: "syscall-exit" },
          { kind: "marker" },
          taskRecord,
        )
        .exhaustive();
    },
  };
}

/** Up to 7.2 every removal path deletes the whole entry (DOSSIER 5.3c, read in the sources). */
function knownToRemoveWhole(version: string | undefined): boolean {
  const [major = NaN, minor = NaN] = (version ?? "").split(".").map(Number);
  return major < 7 || (major === 7 && minor <= 2);
}
