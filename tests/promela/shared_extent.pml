/*
 * A store to a page of a shared extent below a PMD entry, in Promela. The file has two pages, which
 * it shares with another file. A has loaded through a PMD. B maps the second page alone and stores
 * to it twice; somebody else calls fsync twice.
 *
 *   D22                  the entry of one page is stored over the PMD entry
 *   D22-removed  REMOVE  the PMD entry is deleted before an entry of one page comes
 *
 * With TWO, B stores once, C maps the first page alone and stores once, and fsync is called once.
 *
 *   D22-two              TWO         as D22
 *   D22-removed-two      TWO REMOVE  as D22-removed
 *   D22-split            TWO SPLIT   the PMD entry is split into entries of a page each
 *
 * Written from chapter 4, its section on a store to a shared page and its table of one pass, and from
 * dax_iomap_pte_fault(), dax_insert_entry() and dax_writeback_one().
 *
 * An atomic step is what happens in one critical section of xa_lock, under one page table lock, in
 * one look-up of the block map, one store of a CPU, or the taking of one lock. Letting go belongs
 * to the step before it. Verdicts are compared, not states: a pass visits one page table a step here
 * whatever the design, and what is kept beside the kernel's state is only what DUR-1 asks for.
 */

/* Pages, as bits: also the blocks that an entry names, and the pages that have a block of their own. */
#define NONE 0
#define FIRST 1
#define SECOND 2
#define BOTH 3
#define BIT(page) (1 << (page))

/* While an entry of PMD size stands, or what was stored over it, both pages are found at slot 0. */
bit whole = 1;
#define SLOT(page) (whole -> 0 : (page))

/* By slot. An entry that names nothing and is held is but a lock. */
byte names[2] = BOTH;
bit dirty[2];
bit towrite[2];
byte holder[2];

byte own;
byte unflushed;

/* Page tables: A's has a PMD of both pages, or nothing; the others a PTE of their page. */
#define READ 1
#define WRITE 2
byte table_A = READ;
byte table_B;
byte table_C;

/* Pages that fsync must still see flushed before it returns. */
byte must_flush;

/* Zero, both: they name their assertions in what pan prints. */
bit DAX_CLEAN_2, DUR_1;
#define must(invariant, condition) assert(invariant || (condition))

inline lock(slot) {
  holder[slot] == 0;
  holder[slot] = _pid + 1
}

/* The slot of the page is held by whoever held the entry that stood there. */
#ifdef REMOVE
#define DROP(page) \
  whole = 0; names[0] = NONE; holder[0] = 0; holder[page] = _pid + 1
#elif defined(SPLIT)
#define DROP(page) \
  whole = 0; names[0] = FIRST; names[1] = SECOND; holder[0] = 0; holder[page] = _pid + 1
#endif

#ifdef DROP
#define MAKE_ROOM(page) \
  if \
  :: d_step { whole -> DROP(page) } \
  :: !whole \
  fi;
#else
#define MAKE_ROOM(page)
#endif

/* A write fault on the page, on at `next` when it is over. */
#define FAULT(page, table, of_page, insert, keep, enter, next) \
  if :: d_step { lock(SLOT(page)) } fi; \
  if \
  :: own & BIT(page) -> goto keep \
  :: !(own & BIT(page)) && names[SLOT(page)] == BOTH \
  :: !(own & BIT(page)) && names[SLOT(page)] != BOTH -> goto of_page \
  fi; \
  d_step { table_A = NONE } \
  d_step { table_B = NONE } \
  d_step { table_C = NONE } \
  goto insert; \
of_page: \
  if :: true fi; \
  if :: d_step { if :: page == 1 -> table_B = NONE :: else fi } fi; \
  d_step { if :: page == 0 -> table_C = NONE :: else fi } \
insert: \
  MAKE_ROOM(page) \
  if \
  :: d_step { \
       names[SLOT(page)] = BIT(page); \
       dirty[SLOT(page)] = 1; \
       own = own | BIT(page) \
     } \
     goto enter \
  fi; \
keep: \
  if :: d_step { dirty[SLOT(page)] = 1 } fi; \
enter: \
  if :: d_step { table = WRITE } fi; \
  d_step { holder[SLOT(page)] = 0 } \
  goto next;

active proctype store_B() {
#ifndef TWO
  bit stored;
#endif
again:
  if
#ifndef TWO
  :: d_step { table_B == WRITE && !stored -> unflushed = unflushed | SECOND; stored = 1 } goto again
  :: d_step { table_B == WRITE && stored -> unflushed = unflushed | SECOND } goto end
#else
  :: d_step { table_B == WRITE -> unflushed = unflushed | SECOND } goto end
#endif
  :: table_B != WRITE
  fi;
  FAULT(1, table_B, of_page, insert, keep, map, again)
end:
  false
}

#ifdef TWO
active proctype store_C() {
again:
  if
  :: d_step { table_C == WRITE -> unflushed = unflushed | FIRST } goto end
  :: table_C != WRITE
  fi;
  FAULT(0, table_C, of_page, insert, keep, map, again)
end:
  false
}
#endif

inline begin() {
  must_flush = unflushed;
  towrite[0] = towrite[0] | dirty[0];
  towrite[1] = towrite[1] | dirty[1]
}

/* Page tables are looked at for the index where the entry is found, and for the block it names. */
inline mkclean(page, table) {
  if
  :: names[page] == BIT(page) && table == WRITE -> table = READ
  :: else
  fi
}

inline flush(slot) {
  unflushed = unflushed & ~names[slot];
  must_flush = must_flush & ~names[slot]
}

inline clean(slot) {
  must(DAX_CLEAN_2, table_B != WRITE || SLOT(1) != slot);
  must(DAX_CLEAN_2, table_C != WRITE || SLOT(0) != slot);
  dirty[slot] = 0;
  holder[slot] = 0
}

/* A's mapping is visited too: it is read-only as it is. */
#define WRITE_BACK(slot, table) \
  if :: true fi; \
  d_step { mkclean(slot, table) } \
  d_step { flush(slot) } \
  d_step { clean(slot) }

active proctype fsync() {
#ifndef TWO
  bit called;
#endif
tag:
  if :: d_step { begin() } fi;
  if
  :: d_step { towrite[0] && holder[0] == 0 -> lock(0); towrite[0] = 0 }
  :: d_step { !towrite[0] && towrite[1] && holder[1] == 0 -> lock(1); towrite[1] = 0 } goto second
  :: !towrite[0] && !towrite[1] -> goto returning
  fi;
  WRITE_BACK(0, table_C)
  if
  :: d_step { towrite[1] && holder[1] == 0 -> lock(1); towrite[1] = 0 }
  :: !towrite[1] -> goto returning
  fi;
second:
  WRITE_BACK(1, table_B)
returning:
  if
#ifndef TWO
  :: d_step { !called -> must(DUR_1, !must_flush); must_flush = 0; called = 1 } goto tag
  :: d_step { called -> must(DUR_1, !must_flush); must_flush = 0 }
#else
  :: d_step { must(DUR_1, !must_flush); must_flush = 0 }
#endif
  fi;
end:
  false
}
