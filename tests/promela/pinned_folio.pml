/*
 * A device that writes to a folio through a pin against fsync, in Promela: G pins the folio of a
 * shared mapping, lets the device write to it and marks it dirty; F calls fsync twice. The mapping
 * needs stable pages, and its one page has been stored to.
 *
 *   E0                             writeback does not look at pins
 *   E0-no-dirty     NO_DIRTY       nor does G mark what it hands back
 *   E2              COPY           writeback copies a pinned folio and writes the copy
 *   E2-stays-dirty  COPY REDIRTY   and leaves it dirty
 *   E3              SHY            GUP faults on a folio under writeback in place of pinning it
 *
 * Written from chapter 5, and from gup_fast(), folio_clear_dirty_for_io(),
 * __folio_start_writeback() and unpin_user_pages_dirty_lock().
 *
 * Verdicts are compared, not states: power does not fail by a step, but what must survive is asked
 * for in every state; the store of the start is complete; and a writeback takes the folio's lock in
 * one step and its PTE in the next.
 *
 * With WRONG, writeback may pass the folio by, or a store not wait for it: assertions that none of
 * these designs breaks must fail then.
 */
#define NOBODY 0

/* What is in memory and on the disk, as bits. */
#define STORED 1
#define BY_DEVICE 2

bit writable = 1;
bit dirty = 1;
bit mark_dirty = 1;
bit mark_towrite;
bit writeback;
byte locked;
bit pinned;
byte memory = STORED;

/* What the folio held when its writeback began, and whether that is a copy of its own. */
byte settled;
bit copied;

byte device;
byte media;

/* Whether the device has written and nobody has marked the folio since. */
bit unmarked;

/* Writes that are complete, those that fsync was called after, those that must survive. */
byte complete = STORED;
byte promised;
byte synced;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DUR_1, STABLE_1, STABLE_2, PIN_2, PIN_3;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#ifdef SHY
#define PINNABLE (writable && !writeback)
#else
#define PINNABLE writable
#endif

inline lock_folio() {
  locked == NOBODY;
  locked = _pid + 1
}

inline hand_back() {
  must(PIN_2, !unmarked);
  pinned = 0;
  unmarked = 0;
  complete = complete | BY_DEVICE
}

active proctype G() {
again:
  if
  :: d_step { PINNABLE -> pinned = 1 } goto pinned_it
  :: !PINNABLE
  fi;
  d_step { lock_folio() }
  if
  :: !writeback
#ifdef WRONG
  :: writeback
#endif
  fi;
  d_step {
    must(STABLE_2, !writeback);
    dirty = 1;
    mark_dirty = 1;
    writable = 1;
    locked = NOBODY
  }
  goto again;
pinned_it:
  if :: d_step { memory = memory | BY_DEVICE; unmarked = 1 } fi;
#ifndef NO_DIRTY
  d_step {
    lock_folio();
    must(PIN_3, dirty);
    dirty = 1;
    mark_dirty = 1;
    unmarked = 0;
    locked = NOBODY
  }
#endif
  d_step { hand_back() }
end:
  false
}

inline start_writeback() {
  settled = memory;
#ifdef COPY
  copied = pinned;
#endif
#ifdef REDIRTY
  dirty = dirty | pinned;
#endif
  writeback = 1;
  mark_dirty = dirty;
  mark_towrite = 0;
  locked = NOBODY
}

inline submit() {
  must(STABLE_1, copied || memory == settled);
  device = (copied -> settled : memory)
}

active proctype F() {
  bit called;
again:
  if :: d_step { promised = complete; mark_towrite = mark_dirty } fi;
  if
  :: mark_towrite
  :: !mark_towrite -> goto wait
#ifdef WRONG
  :: mark_towrite -> goto wait
#endif
  fi;
  d_step { lock_folio() }
  d_step { writable = 0; dirty = 0 }
  d_step { start_writeback() }
  d_step { submit() }
  d_step { writeback = 0; settled = 0; copied = 0 }
wait:
  if :: d_step { !writeback -> media = device } fi;
  if
  :: d_step { !called -> synced = synced | promised; promised = 0; called = 1 } goto again
  :: d_step { called -> synced = synced | promised; promised = 0 }
  fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(DUR_1, !(synced & ~media))
  od
}
