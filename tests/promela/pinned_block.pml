/*
 * A removal from a DAX file against a short pin of the block that it frees, in Promela: T removes
 * the page, G pins it for a device to write to, faults on it meanwhile, and pins it once more if it is
 * mapped then, U unmaps the file, O wants a block for another file.
 *
 *   E5                           T drops invalidate_lock, sleeps until the pin is gone, begins anew
 *   E5-holding   SLEEP_LOCKED    T sleeps with the lock in hand; NO_MUNMAP: there is no U
 *   E5-ignored   LOOK_AT_NO_PIN  T does not look at pins
 *   E5-unmapped  SKIP_UNMAPPED   T does not look at them where no VMA maps the file (up to 6.12)
 *
 * Written from chapter 5 and from the comment at dax_layout_busy_page() in fs/dax.c.
 *
 * An atomic step is the taking or dropping of invalidate_lock, one change or look-up of the page
 * table with the pin that goes with it, the scan, or one change of the block's owner. gup_fast()
 * and its second look at the PTE are one step: in between, an unmapping makes it give up.
 * A fault maps the page if there is a VMA and the file has a block there. A VMA is there until
 * munmap, whatever its page table holds.
 */
#define NOBODY 0
#define FILE 1
#define ANOTHER 2

#define WRITTEN 1
#define BY_DEVICE 2

bit mapped = 1;
bit pte = 1;
byte owner = FILE;
byte media = WRITTEN;
bit exclusive;
byte sharers;

/* Whether the block is pinned, and whether it ever was: that makes the assertions say something. */
bit pinned;
bit was_pinned;

/* Zero, both: they name their assertions in what pan prints. */
bit LAYOUT_1, LAYOUT_2;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

active proctype remove() {
again:
  if :: d_step { sharers == 0 && !exclusive -> exclusive = 1 } fi;
#ifdef SKIP_UNMAPPED
  if
  :: mapped
  :: !mapped -> goto free
  fi;
#endif
unmap:
  if :: d_step { pte = 0 } fi;
#ifndef LOOK_AT_NO_PIN
  if
  :: pinned
  :: !pinned -> goto free
  fi;
#ifndef SLEEP_LOCKED
  d_step { exclusive = 0 }
#endif
  d_step { must(LAYOUT_2, !exclusive) }
  !pinned;
#ifdef SLEEP_LOCKED
  goto unmap;
#else
  goto again;
#endif
#endif
free:
  if :: d_step { owner = NOBODY } fi;
  d_step { exclusive = 0 }
end:
  false
}

active proctype pin() {
  if
  :: d_step { pte -> pinned = 1; was_pinned = 1 }
  :: !pte -> goto end
  fi;
  d_step { !exclusive -> sharers++ }
  if
  :: d_step { mapped && owner == FILE -> pte = 1 }
  :: !(mapped && owner == FILE)
  fi;
  d_step { sharers-- }
  d_step { media = media | BY_DEVICE }
  d_step { pinned = 0 }
  if
  :: d_step { pte -> pinned = 1; was_pinned = 1 }
  :: !pte -> goto end
  fi;
  d_step { media = media | BY_DEVICE }
  d_step { pinned = 0 }
end:
  false
}

#ifndef NO_MUNMAP
active proctype unmap() {
end_mapped:
  if :: d_step { mapped = 0; pte = 0 } fi;
end:
  false
}
#endif

active proctype allocate() {
end_content:
  if :: d_step { owner == NOBODY -> owner = ANOTHER; media = 0 } fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(LAYOUT_1, !pinned || owner == FILE)
  od
}
