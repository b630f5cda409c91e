/*
 * Faults on a hole of a DAX file in the days of the page lock (design A0), in Promela: load and
 * store on one page, each in a process of its own.
 *
 * Written from chapter 1, its table of the state and its invariants, from the first seed, and from
 * __dax_fault(), dax_load_hole() and do_set_pte() of v4.4.
 *
 * A hole page is an ordinary page of the page cache; a block has nothing in the tree. An atomic
 * step is one look-up in the tree with the locking of the page that it found, one in the block map,
 * or one change under a page table lock. Unlocking belongs to the step before it. Mappings are
 * unmapped one by one, and the page leaves the tree with the last.
 *
 * With WRONG, a store deletes a page that somebody else has locked.
 */
#define NONE 0
#define ZERO 1
#define READ 2
#define WRITE 3

/* What get_block() said to a fault, and that it said so under the page lock. */
#define NOTHING 0
#define HOLE 1
#define MAPPED 2
#define LOCKED 4

bit block;
bit page;
byte holder;
byte pte[2];
byte calls;

/* Zero, all of them: they name their assertions in what pan prints. */
bit DAX_HOLE_1, DAX_HOLE_3, DAX_ENTRY_1;
#define must(invariant, condition) assert(invariant || (condition))
#define always(invariant, condition) d_step { !(condition) -> assert(invariant) }

#define MINE (holder == _pid + 1)
#define QUIET (calls == 0 && holder == 0)
#define MAPS(value) (pte[0] == value || pte[1] == value)

inline lock_page() {
  holder == 0;
  holder = _pid + 1
}

inline get_block(result) {
  said = result;
  if :: MINE -> said = said | LOCKED :: else fi
}

inline delete_page() {
  must(DAX_ENTRY_1, holder == 0 || MINE);
  page = 0;
  holder = 0
}

active proctype load() {
  byte said;
  if
  :: d_step { page && holder == 0 -> lock_page(); calls++ }
  :: d_step { !page -> calls++ }
  fi;
  if
  :: d_step { !block -> get_block(HOLE) }
  :: d_step { block && !MINE -> get_block(MAPPED) } goto insert_mapping
  :: d_step { block && MINE -> get_block(MAPPED) } goto kick
  fi;
  if
  :: MINE
  :: d_step { !MINE && page && holder == 0 -> lock_page() }
  :: d_step { !page -> lock_page(); page = 1 }
  fi;
  d_step {
    assert(said & HOLE);
    if :: pte[0] == NONE -> pte[0] = ZERO :: else fi;
    holder = 0;
    said = NOTHING;
    calls--
  }
  goto end;
kick:
  if :: d_step { pte[0] = NONE } fi;
  d_step { pte[1] = NONE; delete_page() }
insert_mapping:
  if :: d_step { assert(said & MAPPED); pte[0] = READ; calls-- } fi;
end:
  false
}

active proctype store() {
  byte said;
  if
  :: d_step { page && holder == 0 -> lock_page(); calls++ }
  :: d_step { !page -> calls++ }
  fi;
  if
  :: d_step { !block -> get_block(HOLE) }
  :: d_step { block && !MINE -> get_block(MAPPED) } goto insert_mapping
  :: d_step { block && MINE -> get_block(MAPPED) } goto kick
  fi;
  if
  :: d_step { !block -> block = 1; get_block(MAPPED) }
  :: d_step { block -> get_block(MAPPED) }
  fi;
  if
  :: MINE
  :: d_step { !MINE && page && holder == 0 -> lock_page() }
  :: !page -> goto insert_mapping
#ifdef WRONG
  :: page && !MINE
#endif
  fi;
kick:
  if :: d_step { pte[0] = NONE } fi;
  d_step { pte[1] = NONE; delete_page() }
insert_mapping:
  if :: d_step { assert(said & MAPPED); pte[1] = WRITE; calls-- } fi;
end:
  false
}

active proctype judge() {
end:
  do
  :: always(DAX_HOLE_1, !QUIET || !block || !MAPS(ZERO))
  :: always(DAX_HOLE_3, !QUIET || page || !MAPS(ZERO))
  od
}
