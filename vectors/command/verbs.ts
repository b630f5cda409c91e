/**
 * The verbs of the command line: what each takes, what it does, and the module that does it.
 *
 * @module
 */

/** What the module of a verb exports: takes the arguments after the verb, returns the exit status. */
interface VerbModule {
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** A verb, and what `--help` says of it. */
export interface Verb {
  readonly usage: string;
  readonly says: string;
  /** Every option, and anything else that needs a word. */
  readonly options: readonly (readonly [option: string, says: string])[];
  /** What its exit statuses mean, where that is more than what they mean for every verb. */
  readonly status?: string;
  /** True if these arguments make it read the repository's own files, which are then on disk. */
  readonly readsRepository: (args: readonly string[]) => boolean;
  readonly load: () => Promise<VerbModule>;
}

const never = (): boolean => false;
const always = (): boolean => true;
/** True if no argument is a FILE: each is an option or the value of one. */
const namesNoFile = (args: readonly string[]): boolean =>
  args.every((each, at) =>
    each.startsWith("--") || ["--format", "--kernel"].includes(args[at - 1] ?? "")
  );

const machineFormats = "for people, or for machines; the JSON has a schema in vectors/schema/";

/** All verbs by their names, in the order in which a newcomer needs them. */
export const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["check", {
    usage: "check [OPTION...] [FILE...]",
    says: "judge recorded traces; with no FILE, all bundled recordings against their cards",
    options: [
      [
        "FILE",
        "ftrace text, trace.dat, trace-cmd report, perf script, a log's dump; - is standard input",
      ],
      [
        "FOLDER",
        "a copy of tracefs: per_cpu/cpuN/trace_pipe_raw, and the texts of events/",
      ],
      ["--kernel VERSION", "the kernel that was recorded, such as 6.12.107, if the trace hides it"],
      ["--stable-writes", "the device needs stable pages, if the trace does not show it"],
      ["--all", "print the diagram of every breach, not of the first two of an invariant"],
      ["--only ID[,ID...]", "report these invariants alone; the exit status is theirs"],
      ["--inode N", "judge the files with this inode number alone, such as 12 or 0xc"],
      ["--device MAJOR:MINOR", "judge the files of this device alone, such as 259:0"],
      ["--instance NAME", "of a trace.dat with several tracing instances, judge this one, or top"],
      ["--since TIME", "judge what is from this time on, as the trace prints it: 12.433101"],
      ["--until TIME", "judge what is up to this time"],
      ["--at LINE", "what the checker believed of a DAX file before and after this line"],
      ["--jobs N", "judge so many files at a time; without it, large ones on all cores"],
      ["--format text|json|junit|ktap", machineFormats],
      ["--format ndjson", "a JSON report of each file as soon as it is judged; `merge` joins them"],
      ["--format kcidb", "test runs for KCIDB, version 5.3: undecided is ERROR"],
      ["--format html", "one page with a picture of each breach; it needs no network"],
      [
        "--format chrome",
        "spans and breaches as instants, for ui.perfetto.dev and chrome://tracing",
      ],
      ["--format perfetto", "the same as TrackEvents, which can be joined with a Perfetto trace"],
      ["--format observations", "what the trace shows, a JSON line each: check reads it again"],
    ],
    status:
      "with no FILE: 0 every verdict is the card's, kernels known to be broken included; 1 not",
    readsRepository: namesNoFile,
    load: () => import("./check.ts"),
  }],
  ["merge", {
    usage: "merge [OPTION...] REPORT...",
    says: "join reports of check, made on other machines, into one",
    options: [
      ["REPORT", "what `check --format json` or `ndjson` has printed; - is standard input"],
      ["--format text|json|kcidb", "a line a trace, or for machines"],
    ],
    status: "that of a check of all their traces",
    readsRepository: never,
    load: () => import("./merge.ts"),
  }],
  ["plan", {
    usage: "plan [OPTION...] [ID...]",
    says: "print what to record, as commands for a root shell",
    options: [
      ["ID", "invariants to decide, such as DAX-WAIT-1; without one, all that can be"],
      ["--kernel VERSION", "the kernel that will be recorded; without it, the running one"],
      ["--fs ext4|xfs", "the file system; without it, all that are known"],
      ["--dax", "files bypass the page cache"],
      [
        "--dir DIR",
        "a folder of the file system that will be recorded, here: events of its devices",
      ],
      ["--with tracefs|trace-cmd|perf", "the program that records"],
    ],
    readsRepository: never,
    load: () => import("./plan.ts"),
  }],
  ["record", {
    usage: "record [OPTION...] -- COMMAND",
    says: "record a command on this machine, as root, and judge the trace",
    options: [
      ["COMMAND", "runs in a private instance of tracefs, of which nothing stays"],
      ["--dir DIR", "a folder of the file system to record; without it, all of them"],
      ["--output FILE", "where the trace goes (pagespec.trace.txt)"],
      ["--unjudged", "leave the trace, to be judged elsewhere"],
      ["--format text|json|junit|ktap", machineFormats],
    ],
    status: "2 also if nothing could be recorded",
    readsRepository: never,
    load: () => import("./record.ts"),
  }],
  ["explore", {
    usage: "explore [OPTION...] [DESIGN | FILE.ts...]",
    says: "search all interleavings of designs; with no DESIGN, the table of all",
    options: [
      ["DESIGN", "ids such as A7; `explain A7` says what it is"],
      [
        "FILE.ts",
        "a module whose default export is a design or a list; running it needs --allow-read",
      ],
      ["--states LIMIT", "give up a design after so many states; what is left open is undecided"],
      ["--format text|json", machineFormats],
      ["--format mermaid|itf", "the shortest races only: to be drawn, or as traces, one a line"],
      ["--format html", "one page: the shortest races drawn, and every state a click away"],
    ],
    status: "with no DESIGN: 0 each breaks what its chapter says, and nothing else; 1 not",
    readsRepository: never,
    load: () => import("./explore.ts"),
  }],
  ["race", {
    usage: "race [OPTION...] FILE",
    says: "judge a race diagram under a design",
    options: [
      ["FILE", "columns as in kernel mail, quoted or not; - is standard input"],
      ["--design ID|FILE.ts", "the design to judge it under; or a first line `design: ID`"],
      ["--format text|json", machineFormats],
      ["--format html", "one page with the run drawn, and every state a click away"],
    ],
    status: "0 no breach; 1 a breach; 2 not possible under the design, or not a diagram of it",
    readsRepository: never,
    load: () => import("./race.ts"),
  }],
  ["explain", {
    usage: "explain [OPTION...] ID|HANDLE",
    says: "print one invariant, design or commit: statement, sources, races, vectors, recordings",
    options: [
      ["ID", "of an invariant (DAX-CLEAN-2), of a design (A7), or of a commit (50793801fc7f)"],
      ["HANDLE", "of a vector, such as COH-6/read-behind-a-store, or its id"],
      ["--format text|json", machineFormats],
    ],
    readsRepository: always,
    load: () => import("./explain.ts"),
  }],
  ["book", {
    usage: "book FOLDER",
    says: "write the chapters as static pages: searched, printed, with all races drawn",
    options: [["FOLDER", "where the pages go; it is made if it is not there"]],
    readsRepository: always,
    load: () => import("./book.ts"),
  }],
  ["conform", {
    usage: "conform [OPTION...] -- COMMAND",
    says: "run the conformance vectors against a driver that speaks the line protocol",
    options: [
      ["COMMAND", "starts the driver; `drive` is one"],
      ["--only PART", "run the vectors with PART in their handle; may be repeated"],
      ["--known FILE", "failures that are known: one that passes fails the run, as a new one does"],
      ["--schedule forced|sampled", "the one kind of schedule to run, where a driver has both"],
      ["--trials N", "runs of a sampled vector (200)"],
      ["--seed N", "where chance begins (1)"],
      ["--timeout SECONDS", "how long a driver may take to answer (60)"],
      ["--validate", "hold every line of both sides against the protocol's schema"],
      ["--suite FOLDER", "another suite than the bundled one"],
      ["--all", "tell of what passed, too"],
      ["--format text|json|junit|ktap", machineFormats],
      [
        "--format html",
        "one page: results by invariant and capability, what was observed, schedules",
      ],
    ],
    status: "2 also if the driver cannot be run or nothing was run",
    readsRepository: never,
    load: () => import("./conform.ts"),
  }],
  ["drive", {
    usage:
      "drive [--mutant NAME | --mutants | --dir DIR [OPTION...] | --device DEV --yes [OPTION...]]",
    says:
      "be a driver: the model, one with a bug, the file system at DIR, or one on DEV, which loses power",
    options: [
      ["--mutants", "list the models with a bug, and the invariant that each breaks"],
      ["--mutant NAME", "be one of them"],
      ["--dir DIR", "a folder of the file system; vectors run there with real system calls"],
      ["--library FILE", "with --dir or --device: a library that stands before the C library"],
      ["--seconds N", "how long one vector may take: with --dir 2, with --device 30"],
      ["--device DEV", "destroys DEV, makes a file system there and cuts its power, as root"],
      ["--yes", "DEV may be destroyed"],
      ["--fs ext4|xfs|btrfs", "the file system on DEV (ext4)"],
      ["--images N", "the most images of DEV for one vector (200)"],
      ["--keep FOLDER", "writes the first image of each observation there"],
      ["--sector 512|4096", "bytes that DEV writes as one (4096)"],
      ["--mkfs=OPTIONS", "more options of mkfs"],
      ["--mount OPTIONS", "options of the mount"],
      ["--lie flush|wait", "what DEV lies about: for tests"],
    ],
    readsRepository: (args) => args.includes("--dir") || args.includes("--device"),
    load: () => import("./drive.ts"),
  }],
  ["lab", {
    usage: "lab --kernel VERSION [OPTION...] conform|power-cut|record [OPTION...] [-- OPTION...]",
    says: "boot a kernel under QEMU, and run vectors, power cuts or a recording in it",
    options: [
      ["--kernel VERSION", "Debian's kernel of this version: 6.12, 6.12.117, the newest that fits"],
      ["--bzImage FILE", "a kernel of your own"],
      ["--modules DIR", "its modules, as `make modules_install INSTALL_MOD_PATH=DIR` leaves them"],
      ["--fs NAME", "ext4, xfs, btrfs; ext4-dax, xfs-dax on persistent memory (ext4)"],
      ["--skip FUNCTION", "leave it out of fsync, fdatasync and msync; wants --kernel and gcc"],
      ["--output FOLDER", "where the console and what comes back are written (pagespec-lab)"],
      ["--timeout SECONDS", "how long the guest may run (3600)"],
      ["conform", "`conform -- drive --dir`, with the driver in the guest; options as they have"],
      ["power-cut", "`conform -- drive --device`, likewise"],
      ["record", "`record -- COMMAND` in the guest, on /mnt/pagespec; without one, of the vectors"],
    ],
    status: "2 also if something is missing here, or the kernel cannot be had",
    readsRepository: always,
    load: () => import("./lab.ts"),
  }],
  ["vectors", {
    usage: "vectors [--check | --states TEXT]",
    says: "write the conformance vectors, or say whether they are fresh",
    options: [
      ["--check", "write nothing; status 1 if a file is not what would be written"],
      [
        "--states TEXT",
        "print the world after each event of the vectors with TEXT in their handle",
      ],
    ],
    readsRepository: (args) => !args.includes("--states"),
    load: () => import("./vectors.ts"),
  }],
  ["release", {
    usage: "release [--output FILE]",
    says: "write suite, schemas, contract, chapters and examples into one archive",
    options: [["--output FILE", "the archive, tar and gzip (pagespec-vectors-VERSION.tar.gz)"]],
    readsRepository: always,
    load: () => import("./release.ts"),
  }],
  ["chapters", {
    usage: "chapters [--check | --row]",
    says: "write the generated parts of the chapters, or say whether they are fresh",
    options: [
      ["--check", "write nothing; status 1 if a part is not what would be written"],
      ["--row", "first renew the row of spec/kernels.md whose JSON report is standard input"],
    ],
    readsRepository: always,
    load: () => import("./chapters.ts"),
  }],
]);
