/**
 * Offsets of members in the kernel's structures, from its own description of its types: BTF
 * (Documentation/bpf/btf.rst), /sys/kernel/btf/vmlinux and /sys/kernel/btf/MODULE.
 *
 * A probe must not take such an offset from anywhere else: it differs between two builds of one version.
 *
 * @module
 */

/** Finds offsets. */
export interface KernelTypes {
  /**
   * Bytes from the start of a structure to its member, through anonymous structures and unions, and
   * with a dot to a member of a member; undefined if there is no such member, or if it is a bit field.
   */
  readonly offsetOf: (structure: string, member: string) => number | undefined;
}

/** Kinds of types that this reader must know the size or the members of. */
const KIND = {
  int: 1,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  funcProto: 13,
  variable: 14,
  dataSection: 15,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;
const magic = 0xeb9f;
/** No kernel has so many members in one structure, or nests them so deep. */
const deepest = 16;

interface Member {
  readonly name: number;
  readonly type: number;
  /** Bits from the start; undefined for a bit field. */
  readonly bits: number | undefined;
}

interface Structure {
  readonly name: number;
  readonly members: () => readonly Member[];
}

/** One BTF file. */
interface Section {
  readonly structures: ReadonlyMap<number, Structure>;
  /** Types that only lead to another: a typedef, const. */
  readonly references: ReadonlyMap<number, number>;
  readonly types: number;
  readonly strings: Uint8Array;
}

const utf8 = new TextDecoder();

/** The types of a kernel and, if `module` is given, of one of its modules; undefined if it is no BTF. */
export function readBtf(kernel: Uint8Array, module?: Uint8Array): KernelTypes | undefined {
  const base = readSection(kernel, 1);
  const own = module === undefined ? undefined : base && readSection(module, base.types);
  if (base === undefined || (module !== undefined && own === undefined)) return undefined;
  const sections = own === undefined ? [base] : [own, base];

  const text = (at: number): string => {
    const inBase = at < base.strings.length || own === undefined;
    const [bytes, from] = inBase ? [base.strings, at] : [own.strings, at - base.strings.length];
    const end = bytes.indexOf(0, from);
    return utf8.decode(bytes.subarray(from, end === -1 ? bytes.length : end));
  };
  const structureAt = (type: number, depth = 0): Structure | undefined => {
    for (const { structures, references } of sections) {
      const found = structures.get(type);
      if (found !== undefined) return found;
      const next = references.get(type);
      if (next !== undefined && depth < deepest) return structureAt(next, depth + 1);
    }
    return undefined;
  };
  const named = (name: string): Structure | undefined => {
    for (const { structures } of sections) {
      for (const structure of structures.values()) {
        if (structure.name !== 0 && text(structure.name) === name) return structure;
      }
    }
    return undefined;
  };
  const bitsIn = (structure: Structure, member: string, depth: number): number | undefined => {
    const [first = "", ...rest] = member.split(".");
    for (const { name, type, bits } of structure.members()) {
      if (bits === undefined || (name !== 0 && text(name) !== first)) continue;
      if (name !== 0 && rest.length === 0) return bits;
      const inner = depth < deepest ? structureAt(type) : undefined;
      const within = inner && bitsIn(inner, name === 0 ? member : rest.join("."), depth + 1);
      if (within !== undefined) return bits + within;
    }
    return undefined;
  };
  return {
    offsetOf(structure, member) {
      const found = named(structure);
      const bits = found && bitsIn(found, member, 0);
      return bits === undefined || bits % 8 !== 0 ? undefined : bits / 8;
    },
  };
}

/** Reads one file whose first type has the number `first`. */
function readSection(bytes: Uint8Array, first: number): Section | undefined {
  if (bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint16(0, true) === magic;
  if (!little && view.getUint16(0, false) !== magic) return undefined;
  const u32 = (at: number): number => view.getUint32(at, little);
  const header = u32(4);
  const [typesAt, typesLength] = [header + u32(8), u32(12)];
  const [stringsAt, stringsLength] = [header + u32(16), u32(20)];
  const end = typesAt + typesLength;
  if (end > bytes.length || stringsAt + stringsLength > bytes.length) return undefined;
  const structures = new Map<number, Structure>();
  const references = new Map<number, number>();
  let type = first;
  let at = typesAt;
  while (at + 12 <= end) {
    const name = u32(at);
    const info = u32(at + 4);
    const [count, kind, flag] = [info & 0xffff, (info >>> 24) & 0x1f, info >>> 31];
    const body = at + 12;
    if (kind === KIND.struct || kind === KIND.union) {
      const members = (): readonly Member[] =>
        Array.from({ length: count }, (_, index) => {
          const of = body + index * 12;
          const offset = u32(of + 8);
          const isBitField = flag === 1 && offset >>> 24 !== 0;
          const bits = flag === 1 ? offset & 0xff_ffff : offset;
          return { name: u32(of), type: u32(of + 4), bits: isBitField ? undefined : bits };
        });
      structures.set(type, { name, members });
    } else if (leadsOn.has(kind)) references.set(type, u32(at + 8));
    at = body + bodyLength(kind, count);
    type++;
  }
  if (at !== end) return undefined;
  return {
    structures,
    references,
    types: type,
    strings: bytes.subarray(stringsAt, stringsAt + stringsLength),
  };
}

const leadsOn: ReadonlySet<number> = new Set([
  KIND.typedef,
  KIND.volatile,
  KIND.const,
  KIND.restrict,
  KIND.typeTag,
]);

/** Bytes that follow the three words that every type has. */
function bodyLength(kind: number, count: number): number {
  switch (kind) {
    case KIND.int:
    case KIND.variable:
    case KIND.declTag:
      return 4;
    case KIND.array:
      return 12;
    case KIND.struct:
    case KIND.union:
    case KIND.dataSection:
    case KIND.enum64:
      return count * 12;
    case KIND.enum:
    case KIND.funcProto:
      return count * 8;
    default:
      return 0;
  }
}
