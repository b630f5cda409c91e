/**
 * Offsets of members in the kernel's structures, and what its functions take, from its own description of
 * its types: BTF (Documentation/bpf/btf.rst), /sys/kernel/btf/vmlinux and /sys/kernel/btf/MODULE.
 *
 * A probe must not take such an offset from anywhere else: it differs between two builds of one version.
 *
 * @module
 */

/** Answers what a probe needs to know of a kernel's types. */
export interface KernelTypes {
  /**
   * Bytes from the start of a structure to its member, through anonymous structures and unions, and
   * with a dot to a member of a member; undefined if there is no such member, or if it is a bit field.
   */
  readonly offsetOf: (structure: string, member: string) => number | undefined;
  /**
   * An argument of a function by its name, or what it leads to, as a probe at the function's entry
   * fetches it: `folio->mapping->host` of `folio_end_writeback` is `+0(+24($arg1))`. Undefined if there
   * is no such function, argument or member.
   */
  readonly fetch: (probed: string, expression: string) => string | undefined;
  /** True if there is a function of this name. */
  readonly has: (probed: string) => boolean;
  /** The number of an enumerator, such as `PG_head`; undefined if there is none. */
  readonly enumerator: (name: string) => number | undefined;
}

/** Kinds of types that this reader must know the size or the members of. */
const KIND = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
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

/** A name, and a type or a number. */
interface Named {
  readonly name: number;
  readonly value: number;
}

/** One BTF file. */
interface Section {
  readonly structures: ReadonlyMap<number, Structure>;
  /** Types that only lead to another: a typedef, const. */
  readonly references: ReadonlyMap<number, number>;
  /** What pointers point to. */
  readonly pointers: ReadonlyMap<number, number>;
  /** Functions, each with the type that says what it takes. */
  readonly functions: readonly Named[];
  /** What such types take. */
  readonly prototypes: ReadonlyMap<number, () => readonly Named[]>;
  readonly enumerations: readonly (() => readonly Named[])[];
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
  /** What a type is, where it has a name of its own as well: the first that is in the table. */
  const resolved = <Found>(
    table: (section: Section) => ReadonlyMap<number, Found>,
    type: number,
    depth = 0,
  ): Found | undefined => {
    for (const section of sections) {
      const found = table(section).get(type);
      if (found !== undefined) return found;
      const next = section.references.get(type);
      if (next !== undefined && depth < deepest) return resolved(table, next, depth + 1);
    }
    return undefined;
  };
  const structureAt = (type: number): Structure | undefined =>
    resolved(({ structures }) => structures, type);
  const named = (name: string): Structure | undefined => {
    for (const { structures } of sections) {
      for (const structure of structures.values()) {
        if (structure.name !== 0 && text(structure.name) === name) return structure;
      }
    }
    return undefined;
  };
  const memberOf = (
    structure: Structure,
    member: string,
    depth = 0,
  ): { readonly bits: number; readonly type: number } | undefined => {
    const [first = "", ...rest] = member.split(".");
    for (const { name, type, bits } of structure.members()) {
      if (bits === undefined || (name !== 0 && text(name) !== first)) continue;
      if (name !== 0 && rest.length === 0) return { bits, type };
      const inner = depth < deepest ? structureAt(type) : undefined;
      const within = inner && memberOf(inner, name === 0 ? member : rest.join("."), depth + 1);
      if (within !== undefined) return { bits: bits + within.bits, type: within.type };
    }
    return undefined;
  };
  let functions: ReadonlyMap<string, number> | undefined;
  const functionType = (probed: string): number | undefined => {
    functions ??= new Map(
      sections.flatMap((each) => each.functions).map(({ name, value }) => [text(name), value]),
    );
    return functions.get(probed);
  };
  const parametersOf = (probed: string): readonly Named[] | undefined => {
    const type = functionType(probed);
    return type === undefined ? undefined : resolved(({ prototypes }) => prototypes, type)?.();
  };
  let enumerators: ReadonlyMap<string, number> | undefined;
  return {
    offsetOf(structure, member) {
      const found = named(structure);
      const bits = found && memberOf(found, member)?.bits;
      return bits === undefined || bits % 8 !== 0 ? undefined : bits / 8;
    },
    fetch(probed, expression) {
      const [argument, ...members] = expression.split("->");
      const parameters = parametersOf(probed) ?? [];
      const place = parameters.findIndex(({ name }) => text(name) === argument);
      let type = parameters[place]?.value;
      let fetched = `$arg${place + 1}`;
      for (const member of members) {
        const target = type && resolved(({ pointers }) => pointers, type);
        const structure = target === undefined ? undefined : structureAt(target);
        const found = structure && memberOf(structure, member);
        if (found === undefined || found.bits % 8 !== 0) return undefined;
        fetched = `+${found.bits / 8}(${fetched})`;
        type = found.type;
      }
      return type === undefined ? undefined : fetched;
    },
    has: (probed) => functionType(probed) !== undefined,
    enumerator(name) {
      enumerators ??= new Map(
        sections.flatMap(({ enumerations }) => enumerations).flatMap((each) => each())
          .map((each) => [text(each.name), each.value]),
      );
      return enumerators.get(name);
    },
  };
}

/** Types of a kernel with those of several of its modules: the first that knows answers. */
export function joinedTypes(all: readonly KernelTypes[]): KernelTypes {
  const first = <Answer>(ask: (types: KernelTypes) => Answer | undefined): Answer | undefined => {
    for (const types of all) {
      const answer = ask(types);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    offsetOf: (structure, member) => first((types) => types.offsetOf(structure, member)),
    fetch: (probed, expression) => first((types) => types.fetch(probed, expression)),
    has: (probed) => all.some((types) => types.has(probed)),
    enumerator: (name) => first((types) => types.enumerator(name)),
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
  const pointers = new Map<number, number>();
  const functions: Named[] = [];
  const prototypes = new Map<number, () => readonly Named[]>();
  const enumerations: (() => readonly Named[])[] = [];
  const pairsAt = (body: number, count: number) => (): readonly Named[] =>
    Array.from({ length: count }, (_, index) => {
      const at = body + index * 8;
      return { name: u32(at), value: u32(at + 4) };
    });
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
    else if (kind === KIND.pointer) pointers.set(type, u32(at + 8));
    else if (kind === KIND.func) functions.push({ name, value: u32(at + 8) });
    else if (kind === KIND.funcProto) prototypes.set(type, pairsAt(body, count));
    else if (kind === KIND.enum) enumerations.push(pairsAt(body, count));
    at = body + bodyLength(kind, count);
    type++;
  }
  if (at !== end) return undefined;
  return {
    structures,
    references,
    pointers,
    functions,
    prototypes,
    enumerations,
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
