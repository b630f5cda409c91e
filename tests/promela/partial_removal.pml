/*
 * Punching the first page of a DAX file whose one entry is a PMD of two pages, in Promela. A maps both
 * by a PMD and stores to the second; somebody punches the first and calls fsync.
 *
 *   D11                       the whole entry is deleted, DIRTY mark and all
 *   D12  WRITE_BACK_LOCKED    it is written back under invalidate_lock, then deleted
 *   D13  WRITE_BACK_UNLOCKED  it is written back before that lock is taken, then deleted
 *   D15  KEEP                 it stays as it is, since the range does not cover it
 *
 * Written from chapter 4 and chapter 1, their tables of the state, their invariants and the fault
 * programs named there.
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up of the block map, one store of a CPU, or the taking of one lock. Letting go belongs to
 * the step before it. The second page has its block from the start and keeps it.
 *
 * With WRONG, further steps are possible that no kernel takes: assertions that none of these designs
 * breaks must fail then.
 */

/* The one entry: of both pages or, once that is gone, of the second. EMPTY ones are but a lock. */
#define NONE 0
#define PMD_EMPTY 1
#define PMD_PFN 2
#define PTE_EMPTY 3
#define PTE_PFN 4

/* A's page table. */
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
byte table = PMD_WRITE;
byte unflushed = FIRST;
byte sharers;
bit exclusive;
byte calls;
byte size = 2;

/* How far the pass over the entry has come. */
bit protected;
bit flushed;

/* What fsync must still see done before it returns, and the pages that it had to do with at all. */
bit must_clean;
byte must_flush;
byte concerned;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_ENTRY_3, DAX_ENTRY_4, DAX_TAG_4, DAX_WAIT_1, DUR_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define QUIET (calls == 0 && holder == 0)
#define IS_PMD (entry == PMD_EMPTY || entry == PMD_PFN)
#define IS_PTE (entry == PTE_EMPTY || entry == PTE_PFN)
#define HUGE (table == PMD_READ || table == PMD_WRITE)
#define STORABLE (table == PMD_WRITE || table == PTE_WRITE)
#define PAGES (IS_PMD -> BOTH : SECOND)

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

inline split() {
  if :: HUGE -> table = NONE :: else fi
}

active proctype store() {
again:
  if
  :: d_step { STORABLE -> unflushed = unflushed | SECOND } goto end
  :: !STORABLE
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
  :: table == NONE || HUGE
  :: !(table == NONE || HUGE) -> goto give_up
  fi;
  if
  :: first_block
  :: !first_block -> goto give_up
  fi;
  d_step { entry = PMD_PFN; dirty = 1 }
  d_step { table = PMD_WRITE }
  d_step { leave() }
  goto again;
give_up:
  if :: d_step { split(); leave() } goto pte fi;
fall_back:
  if :: d_step { split(); sharers--; calls-- } fi;
pte:
  if :: d_step { enter() } fi;
  size > 1;
grab:
  if
  :: d_step {
       entry != PMD_EMPTY && holder == 0 ->
       holder = _pid + 1;
       if :: entry == NONE -> entry = PTE_EMPTY :: else fi
     }
  :: d_step { entry == PMD_EMPTY && holder == 0 -> holder = _pid + 1 } goto downgrade
  fi;
  if
  :: !HUGE
  :: HUGE -> goto unlock
  fi;
  true;
  d_step { if :: entry == PTE_EMPTY -> entry = PTE_PFN :: else fi; dirty = 1 }
  d_step { table = PTE_WRITE }
unlock:
  if :: d_step { leave() } goto again fi;
downgrade:
  if :: true fi;
  d_step { entry = NONE; dirty = 0; holder = 0 }
  goto grab;
end:
  false
}

inline mkclean() {
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
  must_clean = 0;
  protected = 0;
  flushed = 0;
  holder = 0
}

/* From the look for TOWRITE entries, and on at `next`. */
#define PASS(next) \
  if \
  :: d_step { towrite && holder == 0 -> holder = _pid + 1; towrite = 0 } \
  :: !towrite -> goto next \
  fi; \
  d_step { mkclean() } \
  d_step { flush() } \
  d_step { clean() }

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
  if
  :: d_step { split() }
#ifdef WRONG
  :: true
#endif
  fi;
  if
  :: entry == NONE || entry == PTE_EMPTY || entry == PTE_PFN
#ifdef KEEP
  :: IS_PMD
#else
  :: d_step {
       IS_PMD && holder == 0 ->
       must(DAX_TAG_4, !dirty);
       entry = NONE;
       dirty = 0;
       towrite = 0;
       protected = 0;
       flushed = 0;
       unflushed = unflushed & SECOND
     }
#endif
  fi;
  d_step { first_block = 0; unflushed = unflushed & SECOND; exclusive = 0; calls-- }
  d_step {
    must_clean = dirty;
    must_flush = unflushed;
    concerned = unflushed | (dirty -> PAGES : 0);
    towrite = towrite | dirty
  }
#ifdef WRONG
  if
  :: true
  :: true -> goto returning
  fi;
#endif
  PASS(returning)
returning:
  if
  :: d_step {
       must(DAX_WAIT_1, !must_clean);
       must(DUR_1, must_flush == 0);
       must_clean = 0;
       must_flush = 0;
       concerned = 0
     }
  fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(DAX_ENTRY_3, !QUIET || entry != PMD_PFN || first_block)
  :: always(DAX_ENTRY_4, !QUIET || entry != NONE || table == NONE)
  od
}
