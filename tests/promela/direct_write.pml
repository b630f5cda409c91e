/*
 * A direct write against the page cache of its one page, in Promela: D writes directly, R reads
 * with read(2), M stores through a mapping, B is background writeback, V reads after D has
 * returned.
 *
 *   C0                the page is thrown out once, before the write
 *   C1  AGAIN         and again behind it; what is dirty then leaves an error
 *   C3  TWO_STATES    a two-state lock keeps additions out while the direct write is under way
 *   C3-no-read        TWO_STATES, and READ_UNLOCKED: read(2) does not take it
 *
 * Written from chapter 3, and from filemap_fault(), folio_clear_dirty_for_io(),
 * __folio_start_writeback() and invalidate_inode_pages2_range().
 *
 * An atomic step is one look-up in the page cache, the locking of a folio with the look that
 * follows, one look-up in the block map, the reading or writing of the block, or the taking of a
 * lock. Letting go of a folio belongs to the step before it; of a lock of the file it is a step of
 * its own.
 */
#define NOTHING 0

/* What is in a folio and on the disk, as bits. */
#define OLD 1
#define DIRECT 2
#define STORE 4

/* Actors, by number. */
#define D 0
#define R 1
#define M 2
#define B 3

#define FOLIOS 3

/* The page cache: number of the page's folio + 1, and its marks. */
byte slot;
bit mark_dirty;
bit mark_writeback;

bit uptodate[FOLIOS];
bit dirty[FOLIOS];
bit writeback[FOLIOS];
bit locked[FOLIOS];
byte data[FOLIOS];

/* What each actor has in hand, and what the mapping's PTE points at: number of a folio + 1. */
byte hand[4];
byte pfn;
bit writable;

byte disk = OLD;
bit wb_error;
byte adders;
byte blockers;

/* The direct write is under way, or has returned; what a read saw when it began. */
bit inflight;
bit returned;
byte seen;

/* Zero, all of them: they name their assertions in what pan prints. */
bit COH_1, COH_2, COH_3, ADD_2;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define CACHED(f) (slot == (f) + 1)
#define AT (slot - 1)
#define MINE(who) (hand[who] - 1)
#define HIT (slot != NOTHING && uptodate[AT])
#define KNOWN(f) (slot == f + 1 || pfn == f + 1 || hand[D] == f + 1 || hand[R] == f + 1 || \
  hand[M] == f + 1 || hand[B] == f + 1)

inline forget(f) {
  if
  :: !KNOWN(f) -> uptodate[f] = 0; dirty[f] = 0; data[f] = 0
  :: else
  fi
}

inline put(who, temporary) {
  temporary = MINE(who);
  hand[who] = NOTHING;
  forget(temporary);
  temporary = 0
}

/* The lowest folio that nobody has, locked. */
inline add_folio(who) {
  must(ADD_2, blockers == 0);
  if
  :: !KNOWN(0) -> slot = 1
  :: KNOWN(0) && !KNOWN(1) -> slot = 2
  :: KNOWN(0) && KNOWN(1) -> slot = 3
  fi;
  locked[AT] = 1;
  hand[who] = slot
}

inline read_folio(who) {
  data[MINE(who)] = disk;
  uptodate[MINE(who)] = 1;
  locked[MINE(who)] = 0
}

inline remove_folio(temporary) {
  temporary = AT;
  slot = NOTHING;
  mark_dirty = 0;
  pfn = NOTHING;
  writable = 0;
  dirty[temporary] = 0;
  forget(temporary);
  temporary = 0
}

/* From a folio in hand to the end of its writeback; on at `again` if there is nothing to do. */
#define WRITE_BACK(who, again) \
  if \
  :: d_step { \
       CACHED(MINE(who)) && dirty[MINE(who)] && !writeback[MINE(who)] && !locked[MINE(who)] -> \
       locked[MINE(who)] = 1; \
       writable = 0; \
       dirty[MINE(who)] = 0 \
     } \
  :: d_step { \
       !(CACHED(MINE(who)) && dirty[MINE(who)]) && !locked[MINE(who)] -> \
       put(who, t) \
     } \
     goto again \
  fi; \
  d_step { \
    writeback[MINE(who)] = 1; \
    mark_writeback = 1; \
    mark_dirty = dirty[MINE(who)]; \
    locked[MINE(who)] = 0 \
  } \
  d_step { \
    must(COH_2, !returned || !(disk & DIRECT) || (data[MINE(who)] & DIRECT) || wb_error); \
    disk = data[MINE(who)] \
  } \
  d_step { writeback[MINE(who)] = 0; mark_writeback = 0; put(who, t) }

#ifdef TWO_STATES
#define LOCK_ADD d_step { blockers == 0 -> adders++ }
#define UNLOCK_ADD d_step { adders-- }
#else
#define LOCK_ADD
#define UNLOCK_ADD
#endif

/* Throws the page out; `busy` if it is dirty. */
#define INVALIDATE(busy) \
  if \
  :: slot == NOTHING \
  :: d_step { \
       slot != NOTHING && !dirty[AT] && !writeback[AT] && !locked[AT] -> \
       remove_folio(t) \
     } \
  :: d_step { slot != NOTHING && dirty[AT] && !writeback[AT] && !locked[AT] -> busy } \
  fi;

active proctype direct_write() {
  byte t;
  d_step { inflight = 1; seen = (HIT -> data[AT] : disk) }
#ifdef TWO_STATES
  d_step { adders == 0 -> blockers++ }
#endif
  if
  :: !mark_dirty -> goto written_back
  :: d_step { mark_dirty -> hand[D] = slot }
  fi;
  WRITE_BACK(D, written_back)
written_back:
  if :: !mark_writeback fi;
  INVALIDATE(skip)
  d_step { disk = DIRECT }
#ifdef AGAIN
  INVALIDATE(wb_error = 1)
#endif
#ifdef TWO_STATES
  d_step { blockers-- }
#endif
  d_step { inflight = 0; returned = 1; seen = 0 }
end:
  false
}

active proctype read_call() {
  byte t;
#ifndef READ_UNLOCKED
  LOCK_ADD
#endif
  if
  :: slot == NOTHING
  :: d_step { HIT -> hand[R] = slot } goto copy
  fi;
  if
  :: d_step { slot == NOTHING -> add_folio(R) }
  :: d_step { HIT -> hand[R] = slot } goto copy
  fi;
  true;
  d_step { read_folio(R) }
copy:
  if :: d_step { put(R, t) } fi;
#ifndef READ_UNLOCKED
  UNLOCK_ADD
#endif
end:
  false
}

active proctype store() {
  byte t;
find:
  if
  :: slot == NOTHING
  :: d_step { HIT -> hand[M] = slot } goto mkwrite
  fi;
  LOCK_ADD
  if
  :: d_step { slot == NOTHING -> add_folio(M) }
  :: d_step { HIT -> hand[M] = slot } goto missed
  fi;
  true;
  d_step { read_folio(M) }
missed:
#ifdef TWO_STATES
  if :: d_step { adders-- } fi;
#endif
mkwrite:
#ifdef TWO_STATES
  if :: d_step { blockers == 0 -> adders++ } fi;
#endif
  if
  :: d_step { CACHED(MINE(M)) && !locked[MINE(M)] -> locked[MINE(M)] = 1 }
  :: d_step { !CACHED(MINE(M)) -> put(M, t) } goto truncated
  fi;
  d_step {
    dirty[MINE(M)] = 1;
    mark_dirty = 1;
    pfn = hand[M];
    writable = 1;
    locked[MINE(M)] = 0;
    put(M, t)
  }
  UNLOCK_ADD
  if
  :: d_step { writable -> data[pfn - 1] = data[pfn - 1] | STORE }
  :: !writable -> goto find
  fi;
  true;
  goto end;
truncated:
#ifdef TWO_STATES
  if :: d_step { adders-- } fi;
  true;
#endif
  goto find;
end:
  false
}

active proctype background() {
  byte t;
end_idle:
  if :: d_step { mark_dirty -> hand[B] = slot } fi;
  WRITE_BACK(B, end_idle)
end:
  false
}

active proctype observe() {
end_idle:
  if
  :: d_step {
       returned && HIT ->
       must(COH_3, (data[AT] & DIRECT) || wb_error)
     }
  :: d_step {
       returned && slot == NOTHING ->
       must(COH_3, (disk & DIRECT) || wb_error)
     }
  fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(COH_1, inflight || !HIT || locked[AT] || dirty[AT] || writeback[AT] || data[AT] == disk)
  od
}
