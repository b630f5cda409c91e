/**
 * The probes that show the page cache: on functions, with arguments by their names, which the kernel
 * takes from BTF (6.9 and later; tried on 6.12 and 7.3). What BTF cannot name, since it lies in a
 * structure around the inode, is reached by offsets that come from BTF, too.
 *
 * @module
 */
import type { KernelTypes } from "./btf.ts";
import { lackingProbes } from "./essential_probes.ts";
import { directIoProbes, removalProbes } from "./direct_io_probes.ts";
import { ofPage, pageProbes } from "./page_probes.ts";
import {
  folioNames,
  iomapPosition,
  type PageCacheProbe,
  type ProbedKernel,
  stableWord,
} from "./page_cache_probe.ts";
import { namesArguments, probeByNames, type WantedProbe } from "./probes_by_names.ts";
import { probesByOffsets } from "./probes_by_offsets.ts";
import type { ProbeDefinition } from "./probe_definition.ts";

const place = [
  "dev=folio->mapping->host->i_sb->s_dev:x32",
  "ino=folio->mapping->host->i_ino:u64",
  "index=folio->index:u64",
];
const folioWith = (...more: readonly string[]) => (kernel: ProbedKernel): readonly string[] => [
  ...place,
  ...[`nr=folio->${kernel.folio.pages}:u32`].filter(() => kernel.folio.flagsWord !== undefined),
  ...[`${kernel.folio.flagsWord}=folio->${kernel.folio.flags}:x64`]
    .filter(() => kernel.folio.flagsWord !== undefined),
  ...more,
];
const folio = folioWith();
const file = ["dev=file->f_inode->i_sb->s_dev:x32", "ino=file->f_inode->i_ino:u64"];
const fault = [
  "dev=vmf->vma->vm_file->f_inode->i_sb->s_dev:x32",
  "ino=vmf->vma->vm_file->f_inode->i_ino:u64",
  "pgoff=vmf->pgoff:u64",
  "addr=vmf->address:x64",
];
const syncCall = [...file, "file=file:x64", "datasync=datasync:s32"];

const disk = ["major=bio->bi_disk->major:s32", "minor=bio->bi_disk->first_minor:s32"];
const partition = ["minors=bio->bi_disk->minors:s32", "part=bio->bi_partno:u8"];
const queuedBio = ({ bioDevice }: ProbedKernel): readonly string[] => [
  "bio=bio:x64",
  ...(bioDevice ? ["dev=bio->bi_bdev->bd_dev:x32"] : [...disk, ...partition]),
  "sector=bio->bi_iter.bi_sector:u64",
  "size=bio->bi_iter.bi_size:u32",
  "opf=bio->bi_opf:x32",
];

/** The probes, in the order of the table of lines. */
const pageCacheProbes: readonly PageCacheProbe[] = [
  {
    source: "folio_clear_dirty_for_io() returns",
    name: "clear_dirty",
    arguments: folioWith("ret=$retval:u8"),
  },
  {
    source: "__folio_start_writeback()",
    name: "writeback_begin",
    arguments: folioWith("keep=keep_write:u8"),
  },
  { source: "folio_end_writeback()", name: "writeback_end", arguments: folio },
  { source: "folio_redirty_for_writepage()", name: "redirty", arguments: folio },
  {
    source: "ext4_da_write_end()",
    name: "ext4_copied",
    fileSystem: "ext4",
    arguments: folioWith("pos=pos:s64", "len=len:u32", "copied=copied:u32"),
  },
  {
    source: "iomap_write_end()",
    name: "iomap_copied",
    arguments: (kernel) => [
      ...folio(kernel),
      `pos=${kernel.iomapPosition}:s64`,
      "len=len:u64",
      "copied=copied:u64",
    ],
  },
  {
    source: "do_page_mkwrite() returns",
    name: "mkwrite",
    takes: "names",
    arguments: ({ folio }) => [
      ...fault,
      "index=folio->index:u64",
      `fl=folio->${folio.flags}:x64`,
      "ret=$retval:x32",
    ],
  },
  {
    source: "do_page_mkwrite() returns",
    name: "mkwrite",
    takes: "offsets",
    arguments: [...fault, "ret=$retval:x32"],
  },
  { source: "do_page_mkwrite()", name: "mkwrite_begin", arguments: fault },
  { source: "fault_dirty_shared_page()", name: "fault_dirty", arguments: fault },
  {
    source: "finish_fault() returns",
    name: "fault_end",
    // Where a return cannot be filtered, it is that of every fault of the machine.
    takes: "names",
    arguments: [...fault, "ret=$retval:x32"],
  },
  {
    source: "folio_wait_stable() returns",
    name: "wait_stable",
    arguments: (kernel) => [...folio(kernel), ...kernel.stable("folio->mapping")],
  },
  { source: "collapse_file() returns", name: "collapse", arguments: [...file, "ret=$retval:s32"] },
  { source: "split_huge_page_to_list_to_order()", name: "split", arguments: ofPage },
  { source: "__folio_split()", name: "folio_split", arguments: folio },
  {
    source: "bio_add_folio() returns",
    name: "bio_add",
    arguments: [
      "bio=bio:x64",
      ...place,
      "off=off:u64",
      "len=len:u64",
      "ret=$retval:u8",
    ],
  },
  {
    source: "bio_add_folio_nofail()",
    name: "bio_add_first",
    arguments: ["bio=bio:x64", ...place, "off=off:u64", "len=len:u64"],
  },
  {
    source: "__probestub_block_bio_queue()",
    name: "bio_queue",
    takes: "names",
    arguments: queuedBio,
  },
  {
    source: "submit_bio_noacct_nocheck()",
    name: "bio_queue",
    takes: "offsets",
    arguments: queuedBio,
  },
  {
    source: "submit_bio_checks()",
    name: "bio_queue",
    takes: "offsets",
    until: "submit_bio_noacct_nocheck",
    arguments: queuedBio,
  },
  {
    source: "bio_endio()",
    name: "bio_end",
    arguments: ({ bioDevice }) => [
      "bio=bio:x64",
      ...(bioDevice ? ["dev=bio->bi_bdev->bd_dev:x32"] : disk),
      "opf=bio->bi_opf:x32",
      "status=bio->bi_status:u8",
    ],
  },
  { source: "blkdev_issue_flush()", name: "flush_begin", arguments: ["dev=bdev->bd_dev:x32"] },
  {
    source: "blkdev_issue_flush() returns",
    name: "flush_end",
    arguments: ["dev=bdev->bd_dev:x32", "ret=$retval:s32"],
  },
  {
    source: "jbd2_log_wait_commit() returns",
    name: "commit_waited",
    fileSystem: "ext4",
    arguments: [
      "dev=journal->j_fs_dev->bd_dev:x32",
      "tid=tid:u32",
      "seq=journal->j_commit_sequence:u32",
      "ret=$retval:s32",
    ],
  },
  {
    source: "ext4_fc_commit() returns",
    name: "fast_commit",
    fileSystem: "ext4",
    arguments: ["dev=journal->j_fs_dev->bd_dev:x32", "tid=commit_tid:u32", "ret=$retval:s32"],
  },
  {
    source: "xfs_log_force_seq() returns",
    name: "log_forced",
    fileSystem: "xfs",
    arguments: ["dev=mp->m_super->s_dev:x32", "seq=seq:u64", "flags=flags:x32", "ret=$retval:s32"],
  },
  {
    source: "file_check_and_advance_wb_err() returns",
    name: "error_checked",
    arguments: (kernel) => [
      ...file,
      "file=file:x64",
      "fwberr=file->f_wb_err:x32",
      "mwberr=file->f_mapping->wb_err:x32",
      ...kernel.stable("file->f_mapping"),
      "ret=$retval:s32",
    ],
  },
  { source: "ext4_sync_file()", name: "ext4_sync", fileSystem: "ext4", arguments: ext4Sync },
  {
    source: "ext4_sync_file() returns",
    name: "ext4_synced",
    fileSystem: "ext4",
    arguments: (kernel) => also(ext4Sync(kernel), "ret=$retval:s32"),
  },
  { source: "xfs_file_fsync()", name: "xfs_sync", fileSystem: "xfs", arguments: xfsSync },
  {
    source: "xfs_file_fsync() returns",
    name: "xfs_synced",
    fileSystem: "xfs",
    arguments: [...syncCall, "ret=$retval:s32"],
  },
  {
    source: "vfs_fsync_range()",
    name: "fsync_range",
    arguments: [...syncCall, "start=start:s64", "end=end:s64"],
  },
  {
    source: "file_write_and_wait_range() returns",
    name: "waited",
    arguments: [...file, "file=file:x64", "start=lstart:s64", "end=lend:s64", "ret=$retval:s32"],
  },
  ...directIoProbes,
  ...removalProbes,
  ...pageProbes.map((each) => ({ ...each, takes: "offsets" as const })),
];

/** `file->f_inode`, from the first argument. */
function inodeOf(types: KernelTypes): string | undefined {
  const offset = types.offsetOf("file", "f_inode");
  return offset === undefined ? undefined : `+${offset}($arg1)`;
}

/** The transactions that hold an inode's changes: of the structure around it. */
function ext4Sync({ types }: ProbedKernel): readonly string[] | undefined {
  if (types === undefined) return undefined;
  const inode = inodeOf(types);
  const tid = distance(types, "ext4_inode_info", "vfs_inode", "i_sync_tid");
  const dataTid = distance(types, "ext4_inode_info", "vfs_inode", "i_datasync_tid");
  if (inode === undefined || tid === undefined || dataTid === undefined) return undefined;
  return [...syncCall, `synctid=${tid}(${inode}):u32`, `dsynctid=${dataTid}(${inode}):u32`];
}

/** Whether the inode is pinned in the log, and by which sequence: of its log item. */
function xfsSync({ types }: ProbedKernel): readonly string[] | undefined {
  if (types === undefined) return undefined;
  const inode = inodeOf(types);
  const pin = distance(types, "xfs_inode", "i_vnode", "i_pincount");
  const item = distance(types, "xfs_inode", "i_vnode", "i_itemp");
  const sequence = types.offsetOf("xfs_inode_log_item", "ili_commit_seq");
  if (inode === undefined || pin === undefined || item === undefined || sequence === undefined) {
    return undefined;
  }
  const inItem = (offset: number): string => `+${offset}(${item}(${inode}))`;
  // 6.12 has the fields that an fdatasync needs; later kernels their sequence.
  const fields = types.offsetOf("xfs_inode_log_item", "ili_fsync_fields");
  const dataSequence = types.offsetOf("xfs_inode_log_item", "ili_datasync_seq");
  return [
    ...syncCall,
    `pin=${pin}(${inode}):s32`,
    `seq=${inItem(sequence)}:u64`,
    ...(fields === undefined ? [] : [`ff=${inItem(fields)}:x32`]),
    ...(dataSequence === undefined ? [] : [`dseq=${inItem(dataSequence)}:u64`]),
  ];
}

function also(given: readonly string[] | undefined, more: string): readonly string[] | undefined {
  return given === undefined ? undefined : [...given, more];
}

/** `-104`, `+820`: from one member of a structure to another, as a probe writes it. */
function distance(
  types: KernelTypes,
  structure: string,
  from: string,
  to: string,
): string | undefined {
  const [start, end] = [types.offsetOf(structure, from), types.offsetOf(structure, to)];
  if (start === undefined || end === undefined) return undefined;
  const bytes = end - start;
  return bytes < 0 ? String(bytes) : `+${bytes}`;
}

/**
 * The definitions for a kernel, and the functions of which a probe could not be defined. Without the
 * kernel's types, probes that need an offset are left out.
 */
export function definePageCacheProbes(
  types: KernelTypes | undefined,
  version: string | undefined,
  fileSystem: string | undefined,
): { readonly probes: readonly ProbeDefinition[]; readonly missing: readonly string[] } {
  const takes = namesArguments(version) ? "names" : "offsets";
  const kernel = {
    types,
    folio: folioNames(types, version),
    stable: stableWord(types),
    iomapPosition: iomapPosition(version),
    bioDevice: types?.offsetOf("bio", "bi_disk") === undefined,
  };
  const missing: string[] = [];
  const wanted: WantedProbe[] = [];
  for (const { arguments: given, ...each } of pageCacheProbes) {
    const own = each.fileSystem;
    if (own !== undefined && fileSystem !== undefined && own !== fileSystem) continue;
    if (each.takes !== undefined && each.takes !== takes) continue;
    if (each.until !== undefined && types?.has(each.until)) continue;
    const taken = typeof given === "function" ? given(kernel) : given;
    if (taken === undefined) missing.push(each.source);
    else wanted.push({ ...each, arguments: taken });
  }
  const probes = takes === "names"
    ? wanted.map((each) => probeByNames(each, version))
    : types === undefined
    ? []
    : probesByOffsets(wanted, types);
  const lacking = takes === "offsets" ? lackingProbes(probes.map((each) => each.function)) : [];
  return lacking.length > 0
    ? { probes: [], missing: lacking.map((name) => `${name}()`) }
    : { probes, missing };
}
