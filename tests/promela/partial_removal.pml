/*
 * Punching the first page of a DAX file whose one entry is a PMD of two pages, in Promela. A maps
 * both by a PMD and stores to the second; somebody punches the first. Alone, it calls fsync then.
 *
 *   D11                       the whole entry is deleted, DIRTY mark and all
 *   D12  WRITE_BACK_LOCKED    it is written back under invalidate_lock, then deleted
 *   D13  WRITE_BACK_UNLOCKED  it is written back before that lock is taken, then deleted
 *   D15  KEEP                 it stays as it is, since the range does not cover it
 *
 * With SHARED, B maps the second page by a PTE and stores to it twice, and somebody else calls
 * fsync, twice.
 *
 *   D11-two                                                   as D11
 *   D12-two    WRITE_BACK_LOCKED                              as D12
 *   D12-unmap  WRITE_BACK_LOCKED UNMAP_ALL                    every page of the entry is unmapped
 *   D12-D8     WRITE_BACK_LOCKED UNMAP_ALL CLEAR_WITH_DIRTY   and TOWRITE goes together with DIRTY
 *   D14        SPLIT                                          the second page keeps entry and marks
 *
 * Written from chapter 4 and chapter 1, their tables of the state, their invariants and the fault
 * programs named there.
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up of the block map, one store of a CPU, or the taking of one lock. Letting go belongs
 * to the step before it. The look-up behind a downgrade is not the first one come back to, but a
 * step of its own. The second page has its block from the start and keeps it.
 */

/* The one entry: of both pages or, once that is gone, of the second. EMPTY ones are but a lock. */
#define NONE 0
#define PMD_EMPTY 1
#define PMD_PFN 2
#define PTE_EMPTY 3
#define PTE_PFN 4

/* Page tables: A's may have a PMD, B's has none. */
#define PMD_READ 1
#define PMD_WRITE 2
#define PTE_READ 3
#define PTE_WRITE 4

/* Pages, as bits. */
#define FIRST 1
#define SECOND 2
#define BOTH 3

bit first_block = 1;
byte entry = PMD_PFN;
bit dirty = 1;
bit towrite;
byte holder;
byte table_A = PMD_WRITE;
byte table_B = NONE;
byte unflushed = FIRST;
byte sharers;
bit exclusive;
byte calls;
byte size = 2;

/* How far the pass over the entry has come. */
bit protected;
bit flushed;

/* Pages that fsync must still see cleaned and flushed before it returns, or had to do with. */
byte must_clean;
byte must_flush;
byte concerned;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_ENTRY_3, DAX_ENTRY_4, DAX_EMPTY_1, DAX_TAG_4, DAX_WAIT_1, DUR_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define QUIET (calls == 0 && holder == 0)
#define IS_PMD (entry == PMD_EMPTY || entry == PMD_PFN)
#define IS_PTE (entry == PTE_EMPTY || entry == PTE_PFN)
#define HUGE(table) (table == PMD_READ || table == PMD_WRITE)
#define PAGES (IS_PMD -> BOTH : SECOND)
#define MAPPED (table_A != NONE || table_B != NONE)

inline enter() {
  !exclusive;
  sharers++;
  calls++
}

inline leave() {
  holder = 0;
  sharers--;
  calls--
}

/* Takes a PMD out of a page table; nothing else in it maps the first page. */
inline split(table) {
  if :: HUGE(table) -> table = NONE :: else fi
}

#define GRAB_PTE \
  d_step { \
    entry != PMD_EMPTY && holder == 0 -> \
    holder = _pid + 1; \
    if :: entry == NONE -> entry = PTE_EMPTY :: else fi \
  }
#define GRAB_PMD d_step { entry == PMD_EMPTY && holder == 0 -> holder = _pid + 1 }

/* A PTE fault on the second page, on at `next` when it is over. */
#define PTE_FAULT(table, check, downgrade, unlock, next) \
  if :: d_step { enter() } fi; \
  size > 1; \
  if \
  :: GRAB_PTE goto check \
  :: GRAB_PMD goto downgrade \
  fi; \
check: \
  if \
  :: !HUGE(table) \
  :: HUGE(table) -> goto unlock \
  fi; \
  true; \
  d_step { if :: entry == PTE_EMPTY -> entry = PTE_PFN :: else fi; dirty = 1 } \
  d_step { table = PTE_WRITE } \
unlock: \
  if :: d_step { leave() } goto next fi; \
downgrade: \
  if :: true fi; \
  d_step { entry = NONE; dirty = 0; holder = 0 } \
  if \
  :: GRAB_PTE goto check \
  :: GRAB_PMD goto downgrade \
  fi;

active proctype store_A() {
again:
  if
  :: d_step {
       table_A == PMD_WRITE || table_A == PTE_WRITE ->
       unflushed = unflushed | SECOND
     }
     goto end
  :: table_A != PMD_WRITE && table_A != PTE_WRITE
  fi;
  d_step { enter() }
  size > 1;
  if
  :: d_step {
       !IS_PTE && holder == 0 ->
       holder = _pid + 1;
       if :: entry == NONE -> entry = PMD_EMPTY :: else fi
     }
  :: IS_PTE -> goto fall_back
  fi;
  if
  :: table_A == NONE || HUGE(table_A)
  :: table_A == PTE_READ || table_A == PTE_WRITE -> goto give_up
  fi;
  if
  :: first_block
  :: !first_block -> goto give_up
  fi;
  d_step { entry = PMD_PFN; dirty = 1 }
  d_step { table_A = PMD_WRITE }
  d_step { leave() }
  goto again;
give_up:
  if :: d_step { split(table_A); leave() } goto pte fi;
fall_back:
  if :: d_step { split(table_A); sharers--; calls-- } fi;
pte:
  PTE_FAULT(table_A, check, downgrade, unlocking, again)
end:
  false
}

#ifdef SHARED
active proctype store_B() {
  bit stored;
again:
  if
  :: d_step { table_B == PTE_WRITE && !stored -> unflushed = unflushed | SECOND; stored = 1 }
     goto again
  :: d_step { table_B == PTE_WRITE && stored -> unflushed = unflushed | SECOND } goto end
  :: table_B != PTE_WRITE
  fi;
  PTE_FAULT(table_B, check, downgrade, unlocking, again)
end:
  false
}
#endif

inline mkclean(table) {
  if
  :: table == PMD_WRITE -> table = PMD_READ; protected = 1
  :: table == PTE_WRITE -> table = PTE_READ; protected = 1
  :: else
  fi
}

inline flush() {
  unflushed = unflushed & ~PAGES;
  must_flush = must_flush & ~PAGES;
  flushed = 1
}

inline clean() {
  dirty = 0;
  must_clean = must_clean & ~PAGES;
  protected = 0;
  flushed = 0;
  holder = 0
}

#ifdef CLEAR_WITH_DIRTY
#define LOCKED skip
#define CLEANED towrite = 0
#else
#define LOCKED towrite = 0
#define CLEANED skip
#endif

#ifdef SHARED
#define MKCLEAN d_step { mkclean(table_A) } d_step { mkclean(table_B) }
#else
#define MKCLEAN d_step { mkclean(table_A) }
#endif

/* From the look for a TOWRITE entry, and on at `next` if there is none. */
#define PASS(next) \
  if \
  :: d_step { towrite && holder == 0 -> holder = _pid + 1; LOCKED } \
  :: !towrite -> goto next \
  fi; \
  MKCLEAN \
  d_step { flush() } \
  d_step { clean(); CLEANED }

inline begin() {
  must_clean = (dirty -> PAGES : 0);
  must_flush = unflushed;
  concerned = must_clean | must_flush;
  towrite = towrite | dirty
}

inline finish() {
  must(DAX_WAIT_1, !must_clean);
  must(DUR_1, !must_flush);
  must_clean = 0;
  must_flush = 0;
  concerned = 0
}

/* The data of the first page is meant to go. */
inline forget_first() {
  unflushed = unflushed & SECOND;
  must_flush = must_flush & SECOND
}

inline delete() {
  must(DAX_TAG_4, !dirty);
  entry = NONE;
  dirty = 0;
  towrite = 0;
  must_clean = 0
}

/* What stays is the entry of the second page, marks and all. */
inline split_entry() {
  entry = PTE_PFN;
  must_clean = must_clean & SECOND
}

#ifdef UNMAP_ALL
#define unmap(table) table = NONE
#else
#define unmap(table) split(table)
#endif

active proctype remove() {
#ifdef WRITE_BACK_UNLOCKED
  d_step { towrite = towrite | dirty }
  PASS(locking)
locking:
#endif
  if :: d_step { sharers == 0 -> exclusive = 1; calls++ } fi;
#ifdef WRITE_BACK_LOCKED
  d_step { towrite = towrite | dirty }
  PASS(unmapping)
unmapping:
#endif
  if :: d_step { unmap(table_A) } fi;
#ifdef SHARED
  d_step { unmap(table_B) }
#endif
  if
  :: !IS_PMD
#ifdef KEEP
  :: IS_PMD
#else
  :: d_step {
       IS_PMD && holder == 0 ->
#ifdef SPLIT
       split_entry();
#else
       delete();
#endif
       protected = 0;
       flushed = 0;
       forget_first()
     }
#endif
  fi;
  d_step { first_block = 0; forget_first(); exclusive = 0; calls-- }
#ifndef SHARED
  d_step { begin() }
  PASS(returning)
returning:
  if :: d_step { finish() } fi;
#endif
end:
  false
}

#ifdef SHARED
active proctype fsync() {
  bit called;
tag:
  if :: d_step { begin() } fi;
  PASS(returning)
returning:
  if
  :: d_step { !called -> finish(); called = 1 } goto tag
  :: d_step { called -> finish() }
  fi;
end:
  false
}
#endif

active proctype judge() {
end:
  do
  :: always(DAX_ENTRY_3, !QUIET || entry != PMD_PFN || first_block)
  :: always(DAX_ENTRY_4, !QUIET || entry != NONE || !MAPPED)
  :: always(DAX_EMPTY_1, !QUIET || entry == PMD_PFN || entry == PTE_PFN || entry == NONE || !MAPPED)
  od
}
