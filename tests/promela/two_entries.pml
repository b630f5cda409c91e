/*
 * Two callers of fsync on a DAX file of two entries of a page each, in Promela. A process stores to
 * the first page and then to the second; somebody punches the first and truncates the second.
 *
 *   D3-removal                     who locks an entry clears TOWRITE
 *   D8-removal   CLEAR_WITH_DIRTY  TOWRITE goes together with DIRTY
 *   D9-removal   WAIT_FOR_LOCKED   a walk waits for what is DIRTY and locked
 *   D10-removal  WRITEBACK_MARK    a third mark, for which every caller waits
 *
 * Written from chapter 4, its table of the state, its table of one pass and its invariants, and
 * from the fault and removal programs of chapters 1 and 6.
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up or change of the block map, one store of a CPU, or the taking of one lock. Letting go
 * belongs to the step before it. A walk finds its next entry and locks it in one step.
 */
#define HOLE 0
#define BLOCK 1
#define BEYOND 2

#define NONE 0
#define EMPTY 1
#define PFN 2

#define READ 1
#define WRITE 2

/* All of these by page. */
byte map[2] = BLOCK;
byte entry[2];
bit dirty[2];
bit towrite[2];
bit writeback[2];
byte holder[2];
byte pte[2];
bit unflushed[2];

byte sharers;
bit exclusive;

/* By page, how far the pass over its entry has come. */
bit protected[2];
bit flushed[2];

/* What a caller must still see done before it returns, and what it had to do with, by page. */
typedef Duty {
  bit cleaning[2];
  bit flushing[2];
  bit concerned[2]
}
Duty duty[2];

/* Zero, both: they name their assertions in what pan prints. */
bit DAX_WAIT_1, DUR_1;
#define must(invariant, condition) assert(invariant || (condition))

#define CALLER (_pid - 1)

inline lock(page) {
  holder[page] == 0;
  holder[page] = _pid + 1
}

/* A store to the page, faults and all; goes to `end` if the page is beyond the end of the file. */
#define STORE(page, again, leave, next) \
again: \
  if \
  :: d_step { pte[page] == WRITE -> unflushed[page] = 1 } goto next \
  :: pte[page] != WRITE \
  fi; \
  d_step { !exclusive -> sharers++ } \
  if \
  :: map[page] != BEYOND \
  :: map[page] == BEYOND -> goto leave \
  fi; \
  d_step { lock(page); if :: entry[page] == NONE -> entry[page] = EMPTY :: else fi } \
  if \
  :: d_step { map[page] == HOLE -> map[page] = BLOCK } \
  :: map[page] == BLOCK \
  fi; \
  d_step { entry[page] = PFN; dirty[page] = 1 } \
  d_step { pte[page] = WRITE } \
  d_step { holder[page] = 0; sharers-- } \
  goto again; \
leave: \
  if :: d_step { sharers-- } goto end fi;

active proctype store() {
  STORE(0, again_first, leave_first, second)
second:
  STORE(1, again_second, leave_second, end)
end:
  false
}

inline begin() {
  duty[CALLER].cleaning[0] = dirty[0];
  duty[CALLER].cleaning[1] = dirty[1];
  duty[CALLER].flushing[0] = unflushed[0];
  duty[CALLER].flushing[1] = unflushed[1];
  duty[CALLER].concerned[0] = dirty[0] | unflushed[0];
  duty[CALLER].concerned[1] = dirty[1] | unflushed[1];
  towrite[0] = towrite[0] | dirty[0];
  towrite[1] = towrite[1] | dirty[1]
}

inline finish() {
  must(DAX_WAIT_1, !duty[CALLER].cleaning[0] && !duty[CALLER].cleaning[1]);
  must(DUR_1, !duty[CALLER].flushing[0] && !duty[CALLER].flushing[1]);
  duty[CALLER].cleaning[0] = 0;
  duty[CALLER].cleaning[1] = 0;
  duty[CALLER].flushing[0] = 0;
  duty[CALLER].flushing[1] = 0;
  duty[CALLER].concerned[0] = 0;
  duty[CALLER].concerned[1] = 0
}

#ifdef CLEAR_WITH_DIRTY
#define LOCKED(page) skip
#define CLEANED(page) towrite[page] = 0
#elif defined(WRITEBACK_MARK)
#define LOCKED(page) towrite[page] = 0; writeback[page] = 1
#define CLEANED(page) writeback[page] = 0
#else
#define LOCKED(page) towrite[page] = 0
#define CLEANED(page) skip
#endif

#ifdef WAIT_FOR_LOCKED
#define STOPS_AT(page) (towrite[page] || (dirty[page] && holder[page] != 0))
#else
#define STOPS_AT(page) towrite[page]
#endif

inline mkclean(page) {
  if
  :: pte[page] == WRITE -> pte[page] = READ; protected[page] = 1
  :: else
  fi
}

inline flush(page) {
  unflushed[page] = 0;
  flushed[page] = 1;
  duty[0].flushing[page] = 0;
  duty[1].flushing[page] = 0
}

inline clean(page) {
  dirty[page] = 0;
  protected[page] = 0;
  flushed[page] = 0;
  duty[0].cleaning[page] = 0;
  duty[1].cleaning[page] = 0;
  holder[page] = 0
}

#define WRITE_BACK(page) \
  if :: d_step { mkclean(page) } fi; \
  d_step { flush(page) } \
  d_step { clean(page); CLEANED(page) }

active [2] proctype fsync() {
  d_step { begin() }
  if
  :: d_step { towrite[0] && holder[0] == 0 -> lock(0); LOCKED(0) }
  :: d_step { !STOPS_AT(0) && towrite[1] && holder[1] == 0 -> lock(1); LOCKED(1) } goto second
  :: !STOPS_AT(0) && !STOPS_AT(1) -> goto wait
  fi;
  WRITE_BACK(0)
  if
  :: d_step { towrite[1] && holder[1] == 0 -> lock(1); LOCKED(1) }
  :: !STOPS_AT(1) -> goto wait
  fi;
second:
  WRITE_BACK(1)
wait:
#ifdef WRITEBACK_MARK
  if :: !writeback[0] && !writeback[1] fi;
#endif
  if :: d_step { finish() } fi;
end:
  false
}

/* The data of the page is meant to go. */
inline forget(page) {
  unflushed[page] = 0;
  duty[0].flushing[page] = 0;
  duty[1].flushing[page] = 0
}

#define DELETE(page) \
  if \
  :: entry[page] == NONE \
  :: d_step { \
       entry[page] != NONE && holder[page] == 0 -> \
       entry[page] = NONE; \
       towrite[page] = 0; \
       writeback[page] = 0; \
       clean(page); \
       forget(page) \
     } \
  fi;

active proctype remove() {
  d_step { sharers == 0 -> exclusive = 1 }
  d_step { pte[0] = NONE }
  DELETE(0)
  d_step { map[0] = HOLE; forget(0); exclusive = 0 }
  d_step { sharers == 0 -> exclusive = 1 }
  d_step { map[1] = BEYOND; forget(1) }
  d_step { pte[1] = NONE }
  DELETE(1)
  d_step { exclusive = 0 }
end:
  false
}
