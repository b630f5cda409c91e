/*
 * Faults on one page of a DAX file under the entry lock, in Promela.
 *
 *   A6              (no define)    load and store
 *   A7              LOOK_UP_FIRST  load and write(2); ->iomap_begin before the entry lock
 *   A7-fault        LOOK_UP_FIRST  load and store
 *   A8              (no define)    load, store and write(2)
 *   A8-no-unmap     NO_UNMAP       write(2) leaves the mappings of the hole
 *   A8-unmap-first  UNMAP_FIRST    write(2) unmaps, then deletes the entry
 *   A9              CURRENT        load, store, write(2), punch, with i_rwsem and invalidate_lock
 *
 * Who takes part is defined too: STORE, WRITE_CALL, PUNCH.
 *
 * Written from chapter 1, its table of the state and its invariants, and from the thread programs
 * of fs/dax.c, mm/truncate.c and mm/memory.c that it names.
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up of the block map, or the taking of one lock. Letting go belongs to the step before
 * it. Mappings are unmapped one by one.
 *
 * With WRONG, further steps are possible that no kernel takes: assertions that none of these
 * designs breaks must fail then.
 */
#ifndef MAPPINGS
#define MAPPINGS 2
#endif

/* Entries, and page table entries. */
#define NONE 0
#define EMPTY 1
#define ZERO 2
#define PFN 3
#define READ 4
#define WRITE 5

/* What a block holds. */
#define STALE 0
#define ZEROED 1
#define DATA 2

/* What ->iomap_begin said to a fault, and that it said so under the entry lock. */
#define NOTHING 0
#define HOLE 1
#define MAPPED 2
#define LOCKED 4

bit block;
byte content;
byte entry;
bit dirty;
byte holder;
byte pte[MAPPINGS];
byte calls;
bit inode_lock;
byte sharers;
bit exclusive;
byte size = 1;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_HOLE_1, DAX_HOLE_2, DAX_HOLE_3, DAX_HOLE_5;
bit DAX_ENTRY_1, DAX_ENTRY_3, DAX_ENTRY_4;
bit DAX_TAG_1, DAX_TAG_2, DAX_TAG_3;
bit DAX_ZERO_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#if MAPPINGS == 1
#define MAPS(value) (pte[0] == value)
#define UNMAP(last) d_step { pte[0] = NONE; last }
#else
#define MAPS(value) (pte[0] == value || pte[1] == value)
#define UNMAP(last) d_step { pte[0] = NONE } d_step { pte[1] = NONE; last }
#endif
#if defined(UNMAP_FIRST) || defined(NO_UNMAP)
#define DELETED calls--
#else
#define DELETED skip
#endif
#define QUIET (calls == 0 && holder == 0)

inline take() {
  holder == 0;
  holder = _pid + 1;
  if :: entry == NONE -> entry = EMPTY :: else fi
}

inline allocate() {
  block = 1;
  content = ZEROED
}

inline insert(mark) {
  must(DAX_ENTRY_1, holder == _pid + 1);
  must(DAX_HOLE_5, entry != ZERO || !MAPS(ZERO));
  entry = PFN;
  dirty = dirty | mark
}

inline map(mapping, access) {
  must(DAX_TAG_1, access == READ || dirty);
  must(DAX_ZERO_1, content != STALE);
  pte[mapping] = access
}

inline load_hole(mapping) {
  must(DAX_ENTRY_1, holder == _pid + 1);
  if :: entry != PFN -> entry = ZERO :: else fi;
  if
  :: pte[mapping] == NONE ->
     must(DAX_HOLE_2, said == HOLE + LOCKED);
     pte[mapping] = ZERO
  :: else
  fi
}

inline delete() {
  must(DAX_ENTRY_1, holder == 0);
  entry = NONE;
  dirty = 0
}

inline unlock() {
  holder = 0;
  said = NOTHING;
  calls--
}

active proctype load() {
  byte said;
#ifdef LOOK_UP_FIRST
  if
  :: d_step { !block -> said = HOLE; calls++ }
  :: d_step { block -> said = MAPPED; calls++ }
  fi;
  d_step { take() }
  if
  :: d_step { said == HOLE -> load_hole(0) } goto leave
  :: said == MAPPED
  fi;
#else
#ifdef CURRENT
  d_step { !exclusive -> sharers++; calls++ }
  size > 0;
  d_step { take() }
#else
  d_step { take(); calls++ }
#endif
  if
  :: d_step { !block -> said = HOLE + LOCKED }
  :: d_step { block -> said = MAPPED + LOCKED } goto insert_block
  fi;
  if
  :: d_step { load_hole(0) } goto leave
#ifdef WRONG
  :: d_step { load_hole(0); dirty = 1 } goto leave
#endif
  fi;
#endif
insert_block:
  if
  :: d_step { entry != ZERO -> insert(0) } goto map_block
  :: entry == ZERO
  fi;
  UNMAP(skip)
  d_step { insert(0) }
map_block:
  if
  :: d_step { pte[0] == NONE -> map(0, READ) }
  :: pte[0] != NONE
  fi;
leave:
  if
#ifdef CURRENT
  :: d_step { unlock(); sharers-- }
#else
  :: d_step { unlock() }
#endif
  fi;
end:
  false
}

#ifdef STORE
active proctype store() {
  byte said;
#ifdef LOOK_UP_FIRST
  if
  :: d_step { !block -> allocate(); said = MAPPED; calls++ }
  :: d_step { block -> said = MAPPED; calls++ }
  fi;
  d_step { take() }
#else
#ifdef CURRENT
again:
  if
  :: d_step { pte[1] == WRITE -> content = DATA } goto end
  :: pte[1] != WRITE
  fi;
  d_step { !exclusive -> sharers++; calls++ }
  size > 0;
  d_step { take() }
#else
  d_step { take(); calls++ }
#endif
  if
  :: d_step { !block -> allocate(); said = MAPPED + LOCKED }
  :: d_step { block -> said = MAPPED + LOCKED }
#ifdef WRONG
  :: d_step { !block -> block = 1; said = MAPPED + LOCKED }
#endif
  fi;
#endif
  if
  :: d_step { entry != ZERO -> insert(1) } goto map_block
  :: entry == ZERO
#ifdef WRONG
  :: d_step { insert(0) } goto map_block
#endif
  fi;
  UNMAP(skip)
  d_step { insert(1) }
map_block:
  if :: d_step { map(1, WRITE) } fi;
#ifdef CURRENT
  d_step { unlock(); sharers-- } goto again;
#else
  d_step { unlock() }
#endif
end:
  false
}
#endif

#ifdef WRITE_CALL
active proctype write_call() {
#ifdef CURRENT
  d_step { !inode_lock -> inode_lock = 1 }
#endif
  if
  :: d_step { !block -> allocate(); calls++ }
  :: d_step { block -> inode_lock = 0 } goto end
  fi;
#ifdef UNMAP_FIRST
  UNMAP(skip)
#endif
  if
  :: d_step { entry == NONE -> DELETED }
  :: d_step { entry != NONE && holder == 0 && !dirty -> delete(); DELETED }
  :: d_step { entry != NONE && holder == 0 && dirty -> DELETED }
#ifdef WRONG
  :: d_step { entry != NONE -> must(DAX_TAG_2, !dirty); delete(); DELETED }
#endif
  fi;
#if !defined(UNMAP_FIRST) && !defined(NO_UNMAP)
  UNMAP(calls--; inode_lock = 0)
#endif
end:
  false
}
#endif

#ifdef PUNCH
active proctype punch() {
  d_step { !inode_lock -> inode_lock = 1 }
  d_step { sharers == 0 -> exclusive = 1; calls++ }
  UNMAP(skip)
  if
  :: entry == NONE
  :: d_step { entry != NONE && holder == 0 -> delete(); content = STALE }
#ifdef WRONG
  :: true
#endif
  fi;
  d_step { block = 0; content = STALE; exclusive = 0; inode_lock = 0; calls-- }
end:
  false
}
#endif

active proctype judge() {
end:
  do
  :: always(DAX_HOLE_1, !QUIET || !block || !MAPS(ZERO))
  :: always(DAX_HOLE_3, !QUIET || entry == ZERO || !MAPS(ZERO))
  :: always(DAX_ENTRY_3, !QUIET || entry != PFN || block)
  :: always(DAX_ENTRY_4, !QUIET || entry != NONE || !(MAPS(ZERO) || MAPS(READ) || MAPS(WRITE)))
  :: always(DAX_TAG_3, !dirty || entry == PFN)
  od
}
