/**
 * What runs in a guest: a script that brings it up, and the job that it is started for.
 *
 * The guest sees the files of this machine, read-only, at the same paths: programs, libraries, Deno and
 * what it has cached. What is written stays in the guest's memory, but for the folder of results.
 *
 * @module
 */
import {
  guestFileSystem,
  type GuestFileSystemName,
  mountPoint,
  type Versions,
} from "./guest_file_system.ts";

/**
 * Names of the ports between a guest and this machine, one for each standard stream of the job: who
 * writes to a port that this machine has closed waits for ever, and the input is closed first.
 */
export const port = {
  input: "pagespec.input",
  output: "pagespec.output",
  complaints: "pagespec.complaints",
} as const;

/** Where the job looks for programs; it sees this machine's. */
export const guestPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Tags of the shared folders. */
export const share = { root: "root", results: "results" } as const;

/** Where a guest has what makes its kernel leave a function out. */
const skipFolder = "/run/pagespec";

/** The library that names the tasks for which it does. */
export const skipLibrary = `${skipFolder}/skipping_calls.so`;

/** What a guest is started for. */
export interface Job {
  readonly fileSystem: GuestFileSystemName;
  readonly versions: Versions;
  /** The folder of results; the one that can be written. */
  readonly results: string;
  /** Where the command runs. */
  readonly folder: string;
  /** Variables of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** True if the file system is made and mounted first; false if the command makes its own. */
  readonly mounted: boolean;
  /** The function that the kernel leaves out for tasks named `skipping`; undefined if it is as it is. */
  readonly skip: string | undefined;
  readonly command: readonly string[];
}

const bootOptions = "trans=virtio,version=9p2000.L,msize=512000";

/** What is left of the first program when the job's files are its root: the job is its argument. */
const last = `echo "pagespec lab: up after $(cut -d ' ' -f 1 /proc/uptime) s"
/bin/sh -c "$0"
echo "pagespec lab: over after $(cut -d ' ' -f 1 /proc/uptime) s"
/bin/busybox poweroff -f`;

/** What the console says where the kernel lacks file systems. */
const lackingBegins = "pagespec lab: the kernel lacks file systems:";

/** What this kernel lacks, as the console says it; undefined if it says no such thing. */
export function lackingOf(console: string): string | undefined {
  const line = console.split(/\r?\n/).find((each) => each.startsWith(lackingBegins));
  return line?.slice("pagespec lab: ".length);
}

/** The first program: mounts what the job needs, runs it, and powers off. */
export function initScript(job: Job): string {
  const results = quoted(`/root${job.results}`);
  const needed = ["9p", "tmpfs", "overlay", guestFileSystem(job.fileSystem).type];
  return `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
for each in /modules/*; do
  [ ! -f $each ] || $b insmod $each || echo "pagespec lab: insmod $each failed"
done
lacking=
for each in ${needed.join(" ")}; do
  $b grep -qw $each /proc/filesystems || lacking="$lacking $each"
done
[ -z "$lacking" ] || { echo "${lackingBegins}$lacking"; $b poweroff -f; }
$b mount -t 9p -o ro,cache=loose,${bootOptions} ${share.root} /lower
$b mount -t tmpfs tmpfs /upper
$b mkdir /upper/files /upper/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /root
$b mkdir -p ${results}
$b mount -t 9p -o ${bootOptions} ${share.results} ${results}
[ -d /skip ] && $b mkdir -p /root${skipFolder} && $b cp /skip/* /root${skipFolder}
for each in proc sys dev; do $b mount --move /$each /root/$each; done
$b mount -t tracefs tracefs /root/sys/kernel/tracing
exec $b switch_root /root /bin/sh -c ${quoted(last)} "$($b cat /job)"
`;
}

/** The job: makes and mounts the file system, and runs the command with the ports as its streams. */
export function jobScript(job: Job): string {
  const { environment, folder, command, mounted, skip } = job;
  const assignments = Object.entries(environment).map(([name, value]) =>
    `export ${name}=${quoted(value)}`
  );
  return `export PATH=${guestPath}
${assignments.join("\n")}
# A port has its name a moment after it has come.
for second in 1 2 3 4 5 6 7 8 9; do
  for each in /sys/class/virtio-ports/*; do
    case $(cat $each/name) in
      ${port.input}) input=/dev/\${each##*/};;
      ${port.output}) output=/dev/\${each##*/};;
      ${port.complaints}) complaints=/dev/\${each##*/};;
    esac
  done
  [ -c "$input" ] && [ -c "$output" ] && [ -c "$complaints" ] && break
  sleep 1
done
exec <$input >$output 2>$complaints
${skip === undefined ? "" : skipping(skip)}${mounted ? mounting(job) : ""}cd ${quoted(folder)} && ${
    command.map(quoted).join(" ")
  }
${skip === undefined ? "" : skipped(skip)}`;
}

/** Loads the module, or ends the job. */
function skipping(name: string): string {
  const values = [`function=${name}`, "comm=skipping", "result=0"].map(quoted).join(" ");
  const refused = `pagespec lab: ${name}: expected a function that this kernel lets be probed`;
  return `/bin/busybox insmod ${skipFolder}/skip_function.ko ${values} || {
  echo ${quoted(refused)} >&2
  exit
}
`;
}

/** Says how often the function was left out. */
function skipped(name: string): string {
  const count = "$(cat /sys/module/skip_function/parameters/skipped)";
  return `echo "pagespec lab: ${name}() was skipped ${count} times" >&2
`;
}

/** Options of mkfs that make it quick, quiet and unasking. */
const quick = {
  ext4: ["-q", "-F", "-b", "4096", "-E", "stride=512,lazy_itable_init=0,lazy_journal_init=0"],
  xfs: ["-q", "-f"],
  btrfs: ["-q", "-f"],
} as const;

function mounting({ fileSystem, versions }: Job): string {
  const { device, type, make, mount } = guestFileSystem(fileSystem);
  // Blocks of 2 MiB lie on 2 MiB, so that a PMD can map them.
  const huge = fileSystem === "xfs-dax" ? ["-d", "agcount=2,su=2m,sw=1"] : [];
  const options = [...quick[type], ...make(versions), ...huge].map(quoted).join(" ");
  return `for second in 1 2 3 4 5 6 7 8 9; do [ -b ${device} ] || sleep 1; done
mkfs.${type} ${options} ${device} >/dev/null || exit
mkdir -p ${mountPoint}
mount -t ${type} ${mount === "" ? "" : `-o ${mount} `}${device} ${mountPoint} || exit
`;
}

/** A word of the shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
