/*
 * MAP_SYNC and power failures, in Promela: P1 stores to its cache line of a DAX page and flushes it
 * by itself, and so may another thread of its process; P2 stores to the other line and calls fsync
 * twice.
 *
 *   B1                              a write fault commits the block map, then maps the page
 *   B1-maps-first  MAPS_FIRST       it maps the page, then commits
 *   B2             UNTRACKED        faults of P1 do not mark the entry DIRTY
 *   B2-inode       UNTRACKED INODE  no fault on the file does
 *
 * Written from chapter 2, and from dax_iomap_pte_fault(), dax_finish_sync_fault() and
 * dax_writeback_one().
 *
 * Verdicts are compared, not states: the pass of fsync is told step by step here, the journal
 * commits and the CPU evicts lines as often as they like, and power does not fail by a step. What
 * must survive is asked for in every state: power may fail there.
 *
 * With WRONG, a call of fsync may write nothing back: then the assertion that none of these designs
 * breaks must fail.
 */
#define NONE 0
#define READ 1
#define WRITE 2

/* Who has stored, as bits of what a line holds. */
#define BY_P1 1
#define BY_THREAD 2
#define BY_P2 4

bit block;
bit entry;
bit dirty;
byte holder;
byte pte_P1;
byte pte_P2;

/* Of each line: in the CPU's cache, written back but not fenced, and on the media. */
byte visible[2];
byte pending[2];
byte media[2];

/* The journal would bring the block back. */
bit committed;

/* Stores that are complete, those made in a DIRTY entry, those that some fsync was called after. */
byte complete;
byte tracked;
byte promised;

/* Stores that must survive: of tracked ones and of all, by fsync; by their program's own flush. */
byte synced;
byte covered;
byte fenced;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_TAG_1, DUR_1, DUR_3, META_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define RECOVERED (committed -> media[0] | media[1] : 0)
#define SURVIVES(stores) (((stores) & ~RECOVERED) == 0)

inline take_lock() {
  holder == 0;
  holder = _pid + 1
}

inline store(line, bits) {
  visible[line] = visible[line] | bits;
  complete = complete | bits;
  tracked = tracked | (dirty -> bits : 0)
}

inline drain() {
  media[0] = pending[0];
  media[1] = pending[1]
}

inline commit() {
  drain();
  committed = block
}

inline keep_promise() {
  covered = covered | promised;
  synced = synced | (promised & tracked);
  promised = 0
}

inline map(table) {
  must(DAX_TAG_1, dirty);
  table = WRITE
}

#ifdef UNTRACKED
#define MARK_P1 skip
#else
#define MARK_P1 dirty = 1
#endif
#ifdef INODE
#define MARK_P2 skip
#else
#define MARK_P2 dirty = 1
#endif

#ifdef WRONG
#define PASSED_BY(next) :: true -> goto next
#else
#define PASSED_BY(next)
#endif

/* One pass over the entry if it is DIRTY, and on at `next`. */
#define WRITE_BACK(next) \
  if \
  :: d_step { dirty && holder == 0 -> take_lock() } \
  :: !dirty -> goto next \
  PASSED_BY(next) \
  fi; \
  d_step { if :: pte_P1 == WRITE -> pte_P1 = READ :: else fi } \
  d_step { if :: pte_P2 == WRITE -> pte_P2 = READ :: else fi } \
  d_step { pending[0] = visible[0]; pending[1] = visible[1] } \
  d_step { dirty = 0; holder = 0 }

active proctype P1() {
again:
  if
  :: d_step { pte_P1 == WRITE -> store(0, BY_P1) } goto stored
  :: pte_P1 != WRITE
  fi;
  d_step { take_lock() }
  d_step { block = 1 }
  if
  :: d_step { committed -> entry = 1; MARK_P1; map(pte_P1); holder = 0 } goto again
#ifdef MAPS_FIRST
  :: d_step { !committed -> entry = 1; MARK_P1; map(pte_P1); holder = 0 }
#else
  :: d_step { !committed -> entry = 1; holder = 0 }
#endif
  fi;
  WRITE_BACK(committing)
committing:
  if :: d_step { commit() } fi;
#ifndef MAPS_FIRST
  d_step { take_lock() }
  d_step { MARK_P1; map(pte_P1); holder = 0 }
#endif
  goto again;
stored:
  if :: d_step { pending[0] = visible[0] } fi;
  d_step { media[0] = pending[0]; fenced = fenced | BY_P1 }
end:
  false
}

active proctype thread() {
end_idle:
  if :: d_step { pte_P1 == WRITE -> store(0, BY_THREAD) } fi;
  d_step { pending[0] = visible[0] }
  d_step { media[0] = pending[0]; fenced = fenced | BY_THREAD }
end:
  false
}

active proctype P2() {
  bit called;
again:
  if
  :: d_step { pte_P2 == WRITE -> store(1, BY_P2) } goto fsync
  :: pte_P2 != WRITE
  fi;
  d_step { take_lock() }
  d_step { block = 1 }
  d_step { entry = 1; MARK_P2; map(pte_P2); holder = 0 }
  goto again;
fsync:
  if :: d_step { promised = complete } fi;
  WRITE_BACK(committing)
committing:
  if :: d_step { commit() } fi;
  if
  :: d_step { !called -> keep_promise(); called = 1 } goto fsync
  :: d_step { called -> keep_promise() }
  fi;
end:
  false
}

active proctype journal() {
end:
  do
  :: d_step { committed != block || media[0] != pending[0] || media[1] != pending[1] -> commit() }
  od
}

active proctype cache() {
end:
  do
  :: d_step { media[0] != visible[0] -> pending[0] = visible[0]; media[0] = visible[0] }
  :: d_step { media[1] != visible[1] -> pending[1] = visible[1]; media[1] = visible[1] }
  od
}

active proctype judge() {
end:
  do
  :: always(META_1, SURVIVES(fenced))
  :: always(DUR_1, SURVIVES(synced))
  :: always(DUR_3, SURVIVES(covered))
  od
}
