/*
 * Two crossed direct writes and a reader under the two-state lock, in Promela: D writes to X from a
 * mapping of Y, E to Y from a mapping of X, R reads Y with read(2).
 *
 *   C3-naive                      a fault takes the lock of its mapping, whatever its task holds
 *   C3-order-only  ORDERED DROP   in the order of addresses, X first; drops what is held
 *   C3-cross       ORDERED        the same, and what was dropped is shot down again
 *
 * Written from the second seed, from chapter 3 and from bch2_page_fault() and bch2_direct_write()
 * of 6.12.
 *
 * An atomic step is the taking of one lock, one change of the page cache, one look-up in the block
 * map, or one write of the device; a read is two, the look-up and the arrival of the data. Letting
 * go belongs to the step before it, except where a fault lets go of what it does not own.
 *
 * With WRONG, further steps are possible that nobody proposed: assertions that none of these
 * designs breaks must fail then.
 */
#define X 0
#define Y 1
#define NOTHING 0

/* What is in a folio and on the disk. */
#define NO_DATA 0
#define OLD 1
#define NEW 2

byte adders[2];
byte blockers[2];

/* Number of the mapping's folio + 1; what each folio holds; whether it is locked for reading. */
byte slot[2];
byte folio[2];
bit reading[2];
byte disk[2] = OLD;

/* By mapping written to: a direct write is in flight; it has let others add, once or still. */
bit inflight[2];
bit reopened[2];
bit was_reopened[2];

/* Zero, all of them: they name their assertions in what pan prints. */
bit ADD_1, ADD_2, ADD_3, COH_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define HELD(mapping) (slot[mapping] - 1)
#define UPTODATE(mapping) (slot[mapping] != NOTHING && folio[HELD(mapping)] != NO_DATA)
#define STALE(mapping) \
  (!inflight[mapping] && UPTODATE(mapping) && folio[HELD(mapping)] != disk[mapping])

inline lock_add(mapping) {
  d_step { blockers[mapping] == 0 -> adders[mapping]++ }
}

inline lock_block(mapping) {
  d_step { adders[mapping] == 0 -> blockers[mapping]++ }
}

/* The lowest free folio, locked. */
inline add_folio(mapping) {
  must(ADD_2, blockers[mapping] == 0);
  if
  :: slot[X] == 1 || slot[Y] == 1 -> slot[mapping] = 2
  :: else -> slot[mapping] = 1
  fi;
  reading[HELD(mapping)] = 1
}

inline read_folio(mapping) {
  folio[HELD(mapping)] = disk[mapping];
  reading[HELD(mapping)] = 0
}

/* What nobody has any more holds nothing. */
inline remove_folio(mapping) {
  folio[HELD(mapping)] = NO_DATA;
  slot[mapping] = NOTHING
}

#define INVALIDATE(mapping) \
  if \
  :: d_step { slot[mapping] == NOTHING -> reopened[mapping] = 0 } \
  :: d_step { slot[mapping] != NOTHING && !reading[HELD(mapping)] -> \
       remove_folio(mapping); reopened[mapping] = 0 } \
  fi;

#define SUBMIT(mapping) \
  if \
  :: d_step { must(ADD_3, !reopened[mapping]); disk[mapping] = NEW } \
  fi; \
  d_step { \
    blockers[mapping]--; \
    inflight[mapping] = 0; \
    reopened[mapping] = 0; \
    was_reopened[mapping] = 0 \
  }

active proctype D() {
  d_step { inflight[X] = 1 }
  lock_block(X);
  INVALIDATE(X)
pin:
  if
  :: !UPTODATE(Y)
  :: UPTODATE(Y) -> goto submit
  fi;
  lock_add(Y);
  if
  :: d_step { slot[Y] == NOTHING -> add_folio(Y) }
  :: UPTODATE(Y) -> goto filled
  fi;
  true;
  d_step { read_folio(Y) }
filled:
  if :: d_step { adders[Y]-- } fi;
  true;
  goto pin;
submit:
  SUBMIT(X)
end:
  false
}

active proctype E() {
  d_step { inflight[Y] = 1 }
  lock_block(Y);
invalidate:
  INVALIDATE(Y)
pin:
  if
  :: !UPTODATE(X)
  :: UPTODATE(X) -> goto submit
  fi;
#ifdef ORDERED
  if
  :: d_step { blockers[X] == 0 -> adders[X]++ }
  :: blockers[X] != 0 -> goto drop
  fi;
#else
  lock_add(X);
#endif
  d_step { slot[X] == NOTHING -> add_folio(X) }
  true;
  d_step { read_folio(X) }
  d_step { adders[X]-- }
  true;
  goto pin;
#ifdef ORDERED
drop:
  if :: d_step { blockers[Y]--; reopened[Y] = 1; was_reopened[Y] = 1 } fi;
  lock_add(X);
  d_step { adders[X]-- }
  lock_block(Y);
#ifdef DROP
  true;
  goto pin;
#else
  true;
  goto invalidate;
#endif
#endif
submit:
  SUBMIT(Y)
end:
  false
}

active proctype R() {
  if
  :: d_step { blockers[Y] == 0 -> adders[Y]++ }
#ifdef WRONG
  :: d_step { adders[Y]++ }
#endif
  fi;
  if
  :: slot[Y] == NOTHING
  :: UPTODATE(Y) -> goto copy
  fi;
  if
  :: d_step { slot[Y] == NOTHING -> add_folio(Y) }
  :: UPTODATE(Y) -> goto copy
  fi;
  true;
  d_step { read_folio(Y) }
copy:
  if :: true fi;
  d_step { adders[Y]-- }
end:
  false
}

active proctype judge() {
end:
  do
  :: always(ADD_1, adders[X] == 0 || blockers[X] == 0)
  :: always(ADD_1, adders[Y] == 0 || blockers[Y] == 0)
  :: always(COH_1, !STALE(X) && !STALE(Y))
  od
}
