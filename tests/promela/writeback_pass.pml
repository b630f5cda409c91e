/*
 * fsync of a DAX file whose one entry is a PMD of two pages, in Promela. A maps both pages by a PMD
 * and stores to the first, B maps the second by a PTE and stores to it twice.
 *
 *   D1              SYNCERS=1 PTE_OF_FIRST_PAGE   mkclean knows no PMD and no other VMA
 *   D2              SYNCERS=1 VMAS_OF_FIRST_PAGE  mkclean visits the VMAs of the first page
 *   D3              SYNCERS=1                     mkclean visits every VMA of the entry
 *   D3-flush-first  SYNCERS=1 FLUSH_FIRST         the flush comes before mkclean
 *   D3-pmd                                        two callers; who locks the entry clears TOWRITE
 *   D8-pmd          CLEAR_WITH_DIRTY              TOWRITE goes together with DIRTY
 *   D9-pmd          WAIT_FOR_LOCKED               a walk waits for what is DIRTY and locked
 *   D10-pmd         WRITEBACK_MARK                a third mark, for which every caller waits
 *   D21-pmd         PASS_OVER                     a walk goes on behind an entry that is locked
 *   D21-D8-pmd      PASS_OVER CLEAR_WITH_DIRTY    the same under D8
 *   D21-D10-pmd     PASS_OVER WRITEBACK_MARK      the same under D10
 *
 * One caller calls twice, two callers once each.
 *
 * Written from chapter 4, its table of the state, its table of one pass and its invariants, and
 * from the fault programs of chapter 1.
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up of the block map, or one store of a CPU. mkclean visits one VMA a step. The entry has
 * its block from the start and keeps it.
 *
 * With WRONG, further steps are possible that no kernel takes: assertions that none of these
 * designs breaks must fail then.
 */
#ifndef SYNCERS
#define SYNCERS 2
#endif

#define NONE 0
#define READ 1
#define WRITE 2

/* Pages, as bits. */
#define FIRST 1
#define SECOND 2
#define BOTH 3

bit dirty = 1;
bit towrite;
bit writeback;
byte holder;
byte pmd = WRITE;
byte pte = NONE;
byte unflushed = FIRST;

/* How far the pass over the entry has come. */
bit protected;
bit flushed;

/* What each caller must still see done before it returns, and what it had to do with at all. */
bit must_clean[SYNCERS];
byte must_flush[SYNCERS];
byte concerned[SYNCERS];

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_TAG_1, DAX_CLEAN_1, DAX_CLEAN_2, DAX_CLEAN_3, DAX_WAIT_1, DUR_1;
#define must(invariant, condition) assert(invariant || (condition))


#define MINE (holder == _pid + 1)
#define CALLER (_pid - 2)

#if SYNCERS == 1
#define forget(duty) duty[0] = 0
#else
#define forget(duty) duty[0] = 0; duty[1] = 0
#endif

inline take_lock() {
  holder == 0;
  holder = _pid + 1
}

/* Locked, the fault finds its page table as it should be, and a block. */
#define FAULT(page_table) \
  d_step { take_lock() } \
  true; \
  true; \
  if \
  :: d_step { dirty = 1 } \
  WRONGLY_UNMARKED \
  fi; \
  d_step { must(DAX_TAG_1, dirty); page_table = WRITE } \
  d_step { holder = 0 }

#ifdef WRONG
#define WRONGLY_UNMARKED :: true
#else
#define WRONGLY_UNMARKED
#endif

active proctype store_A() {
again:
  if
  :: d_step { pmd == WRITE -> unflushed = unflushed | FIRST } goto end
  :: pmd != WRITE
  fi;
  FAULT(pmd)
  goto again;
end:
  false
}

active proctype store_B() {
  bit stored;
again:
  if
  :: d_step { pte == WRITE && !stored -> unflushed = unflushed | SECOND; stored = 1 } goto again
  :: d_step { pte == WRITE && stored -> unflushed = unflushed | SECOND } goto end
  :: pte != WRITE
  fi;
  FAULT(pte)
  goto again;
end:
  false
}

inline begin() {
  must_clean[CALLER] = dirty;
  must_flush[CALLER] = unflushed;
  concerned[CALLER] = (dirty -> BOTH : unflushed);
  towrite = towrite | dirty
}

inline mkclean(page_table) {
  must(DAX_CLEAN_1, MINE);
  if
  :: page_table == WRITE ->
     must(DAX_CLEAN_3, !flushed);
     page_table = READ;
     protected = 1
  :: else
  fi
}

inline flush() {
  must(DAX_CLEAN_1, MINE);
  unflushed = 0;
  flushed = 1;
  forget(must_flush)
}

inline clean() {
  must(DAX_CLEAN_1, MINE);
  must(DAX_CLEAN_2, pmd != WRITE && pte != WRITE);
  must(DAX_CLEAN_3, flushed);
  dirty = 0;
  protected = 0;
  flushed = 0;
  forget(must_clean)
}

inline finish() {
  must(DAX_WAIT_1, !must_clean[CALLER]);
  must(DUR_1, !must_flush[CALLER]);
  must_clean[CALLER] = 0;
  must_flush[CALLER] = 0;
  concerned[CALLER] = 0
}

#ifdef CLEAR_WITH_DIRTY
#define LOCKED skip
#define CLEANED towrite = 0
#elif defined(WRITEBACK_MARK)
#define LOCKED towrite = 0; writeback = 1
#define CLEANED writeback = 0
#else
#define LOCKED towrite = 0
#define CLEANED skip
#endif

#ifdef WAIT_FOR_LOCKED
#define NOTHING_FOUND (!towrite && !(dirty && holder != 0))
#else
#define NOTHING_FOUND (!towrite)
#endif

active [SYNCERS] proctype fsync() {
#if SYNCERS == 1
  bit called;
#endif
tag:
  if :: d_step { begin() } fi;
  if
  :: d_step { towrite && holder == 0 -> take_lock(); LOCKED }
#ifdef WRONG
  :: d_step { towrite -> LOCKED }
#endif
#ifdef PASS_OVER
  :: towrite && holder != 0 -> goto behind
#endif
  :: NOTHING_FOUND -> goto wait
  fi;
#ifdef FLUSH_FIRST
  d_step { flush() }
#endif
#ifdef PTE_OF_FIRST_PAGE
  true;
#else
  d_step { mkclean(pmd) }
#endif
#if !defined(PTE_OF_FIRST_PAGE) && !defined(VMAS_OF_FIRST_PAGE)
  d_step { mkclean(pte) }
#endif
#ifndef FLUSH_FIRST
  d_step { flush() }
#endif
  d_step { clean(); CLEANED; holder = 0 }
  goto wait;
behind:
  true;
wait:
#ifdef WRITEBACK_MARK
  if :: !writeback fi;
#endif
  if
#if SYNCERS == 1
  :: d_step { !called -> finish(); called = 1 } goto tag
  :: d_step { called -> finish() }
#else
  :: d_step { finish() }
#endif
  fi;
end:
  false
}
