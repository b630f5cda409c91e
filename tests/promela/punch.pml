/*
 * Punching the one page of a file against those who bring it into the page cache, in Promela: T
 * punches, W stores through a mapping, RD reads with read(2), G gives a free block to another file,
 * V reads after T has returned.
 *
 *   F0  STORE TAKE          nothing keeps faults out
 *   F1  READ FAULT_LOCK     a semaphore does; read(2) does not take it
 *   F2  STORE READ TAKE FAULT_LOCK READ_LOCK   whoever adds a folio takes invalidate_lock
 *
 * Written from chapter 6, and from filemap_fault(), filemap_create_folio(), ext4_page_mkwrite() and
 * truncate_pagecache_range().
 *
 * An atomic step is one look-up in the page cache, the locking of a folio with the look that
 * follows, one look-up in the block map or one change of it, or the reading or writing of a block,
 * or the taking of a lock. Letting go of a folio belongs to the step before it; of a lock of the
 * file it is a step of its own.
 */
#define NOTHING 0
#define FOLIOS 3

/* What is in a folio and in a block, as bits. */
#define ZEROS 0
#define OLD 1
#define STORED 2
#define FOREIGN 4

/* Numbers + 1: of the folio in the page cache, of those in hand, of the one that the PTE maps. */
byte slot;
byte writer;
byte reader;
byte pfn;

bit uptodate[FOLIOS];
bit dirty[FOLIOS];
bit locked[FOLIOS];
byte data[FOLIOS];

/* Number + 1 of the block that the folio was filled from or is to be written to. */
byte backing[FOLIOS];

/* Number + 1 of the blocks that the page and the other file have; what is in the blocks. */
byte map = 1;
byte other;
byte disk[2] = OLD;

byte sharers;
bit exclusive;

/* T has taken the page's block, and nobody has stored since; T has returned. */
bit gone;
bit returned;

/* Zero, all of them: they name their assertions in what pan prints. */
bit INV_1, INV_2, INV_3, INV_4;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define HIT (slot != NOTHING && uptodate[slot - 1])
#define KNOWN(f) (slot == f + 1 || writer == f + 1 || reader == f + 1 || pfn == f + 1)
#define FREE(block) (map != block && other != block)

/* What nobody has any more holds nothing. */
inline forget(f) {
  if
  :: !KNOWN(f) -> uptodate[f] = 0; dirty[f] = 0; data[f] = ZEROS; backing[f] = NOTHING
  :: else
  fi
}

inline put(hand) {
  t = hand - 1;
  hand = NOTHING;
  forget(t);
  t = 0
}

/* The lowest folio that nobody has, locked. */
inline add_folio(hand) {
  must(INV_3, !exclusive);
  if
  :: !KNOWN(0) -> slot = 1
  :: KNOWN(0) && !KNOWN(1) -> slot = 2
  :: KNOWN(0) && KNOWN(1) -> slot = 3
  fi;
  locked[slot - 1] = 1;
  hand = slot
}

/* From what was remembered of the block map. */
inline read_folio(hand) {
  must(INV_1, iomap == NOTHING || iomap == map);
  data[hand - 1] = (iomap == NOTHING -> ZEROS : disk[iomap - 1]);
  backing[hand - 1] = iomap;
  uptodate[hand - 1] = 1;
  locked[hand - 1] = 0;
  iomap = NOTHING
}

/* The lowest free block, filled with zeros. */
inline allocate(owner) {
  if
  :: FREE(1) -> owner = 1
  :: else -> owner = 2
  fi;
  disk[owner - 1] = ZEROS
}

#ifdef FAULT_LOCK
#define TAKE_EXCLUSIVE if :: d_step { sharers == 0 && !exclusive -> exclusive = 1 } fi;
#define TAKE_SHARED if :: d_step { !exclusive -> sharers++ } fi;
#define DROP_EXCLUSIVE if :: d_step { exclusive = 0 } fi;
#define DROP_SHARED if :: d_step { sharers-- } fi;
#else
#define TAKE_EXCLUSIVE
#define TAKE_SHARED
#define DROP_EXCLUSIVE
#define DROP_SHARED
#endif

active proctype punch() {
  byte t;
  TAKE_EXCLUSIVE
  if
  :: d_step {
       slot != NOTHING && !locked[slot - 1] ->
       t = slot - 1;
       slot = NOTHING;
       pfn = NOTHING;
       dirty[t] = 0;
       forget(t);
       t = 0
     }
  :: slot == NOTHING
  fi;
  d_step { map = NOTHING; gone = 1 }
  DROP_EXCLUSIVE
  d_step { returned = 1 }
end:
  false
}

#ifdef STORE
active proctype store() {
  byte t;
  byte iomap;
find:
  if
  :: slot == NOTHING
#ifdef READ
  :: d_step { HIT -> writer = slot } goto mkwrite
#endif
  fi;
  TAKE_SHARED
  if
  :: d_step { slot == NOTHING -> add_folio(writer) }
#ifdef READ
  :: d_step { HIT -> writer = slot } goto missed
#endif
  fi;
  d_step { iomap = map; true }
  d_step { read_folio(writer) }
missed:
  DROP_SHARED
mkwrite:
  TAKE_SHARED
  if
  :: d_step { slot == writer && !locked[writer - 1] -> locked[writer - 1] = 1 }
  :: d_step { slot != writer -> put(writer) } goto truncated
  fi;
  d_step {
    if
    :: backing[writer - 1] == NOTHING -> allocate(map); backing[writer - 1] = map
    :: else
    fi;
    dirty[writer - 1] = 1;
    pfn = writer;
    locked[writer - 1] = 0;
    put(writer)
  }
  DROP_SHARED
  if
  :: d_step { pfn != NOTHING -> data[pfn - 1] = data[pfn - 1] | STORED; gone = 0 }
  :: pfn == NOTHING -> goto find
  fi;
  true;
  goto end;
truncated:
#ifdef FAULT_LOCK
  DROP_SHARED
  true;
#endif
  goto find;
end:
  false
}
#endif

#ifdef READ
#ifdef READ_LOCK
#define READ_TAKES TAKE_SHARED
#define READ_DROPS DROP_SHARED
#else
#define READ_TAKES
#define READ_DROPS
#endif

active proctype read_call() {
  byte t;
  byte iomap;
  if
  :: slot == NOTHING
#ifdef STORE
  :: d_step { HIT -> reader = slot } goto copy
#endif
  fi;
  READ_TAKES
  if
  :: d_step { slot == NOTHING -> add_folio(reader) }
#ifdef STORE
  :: d_step { HIT -> reader = slot } goto filled
#endif
  fi;
  d_step { iomap = map; true }
  d_step { read_folio(reader) }
filled:
  READ_DROPS
copy:
  if :: d_step { put(reader) } fi;
end:
  false
}
#endif

#ifdef TAKE
active proctype take() {
end_idle:
  if :: d_step { FREE(1) || FREE(2) -> allocate(other) } fi;
end_allocated:
  if :: d_step { disk[other - 1] = FOREIGN } fi;
end:
  false
}
#endif

active proctype observe() {
end_idle:
  if
  :: d_step { returned && HIT -> must(INV_4, !gone || data[slot - 1] == ZEROS) }
  :: d_step {
       returned && slot == NOTHING ->
       must(INV_4, !gone || map == NOTHING || disk[map - 1] == ZEROS)
     }
  fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(
       INV_2,
       slot == NOTHING || !dirty[slot - 1] || !backing[slot - 1] || backing[slot - 1] == map
     )
  od
}
