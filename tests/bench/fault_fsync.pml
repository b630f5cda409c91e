/*
 * The model that explorers are measured with, in Promela: `fault_fsync.ts`, step for step.
 *
 * U processes fault and store for ever, S callers fsync for ever, on a file of N pages.
 */
#ifndef U
#define U 2
#endif
#ifndef S
#define S 2
#endif
#ifndef N
#define N 2
#endif

#define HOLE 0
#define MAPPED 1

#define NONE 0
#define EMPTY 1
#define ZERO 2
#define PFN 3

#define ZEROPAGE 1
#define READ 2
#define WRITE 3

#define PTE(u, p) pte[(u) * N + (p)]

bit extent[N];
byte entry[N];
bit dirty[N];
bit towrite[N];
byte holder[N];
byte pte[U * N];
bit unflushed[N];
bit protected[N];
bit flushed[N];

inline take(p) {
  holder[p] == 0;
  holder[p] = _pid + 1;
  if :: entry[p] == NONE -> entry[p] = EMPTY :: else fi
}

active [U] proctype user() {
  byte p, k;
idle:
  if
  :: d_step { PTE(_pid, 0) == NONE -> p = 0 } goto read
  :: d_step { PTE(_pid, 0) < READ -> p = 0 } goto write
  :: d_step { PTE(_pid, 0) == READ -> p = 0 } goto mkwrite
  :: d_step { PTE(_pid, 0) == WRITE && !unflushed[0] -> unflushed[0] = 1 } goto idle
#if N > 1
  :: d_step { PTE(_pid, 1) == NONE -> p = 1 } goto read
  :: d_step { PTE(_pid, 1) < READ -> p = 1 } goto write
  :: d_step { PTE(_pid, 1) == READ -> p = 1 } goto mkwrite
  :: d_step { PTE(_pid, 1) == WRITE && !unflushed[1] -> unflushed[1] = 1 } goto idle
#endif
#if N > 2
  :: d_step { PTE(_pid, 2) == NONE -> p = 2 } goto read
  :: d_step { PTE(_pid, 2) < READ -> p = 2 } goto write
  :: d_step { PTE(_pid, 2) == READ -> p = 2 } goto mkwrite
  :: d_step { PTE(_pid, 2) == WRITE && !unflushed[2] -> unflushed[2] = 1 } goto idle
#endif
  fi;
read:
  if :: d_step { take(p) } fi;
  if
  :: extent[p] == HOLE -> goto readzero
  :: extent[p] == MAPPED -> goto readblock
  fi;
readzero:
  if :: d_step { assert(entry[p] != PFN); entry[p] = ZERO } fi;
  d_step { PTE(_pid, p) = ZEROPAGE } goto unlock;
readblock:
  if :: d_step { entry[p] = PFN } fi;
  d_step { PTE(_pid, p) = READ } goto unlock;
write:
  if :: d_step { take(p) } fi;
  if
  :: extent[p] == HOLE -> goto allocate
  :: extent[p] == MAPPED -> goto unmap
  fi;
allocate:
  if :: d_step { extent[p] = MAPPED } fi;
unmap:
  if
  :: d_step { k < U - 1 -> if :: PTE(k, p) == ZEROPAGE -> PTE(k, p) = NONE :: else fi; k++ }
     goto unmap
  :: d_step { k == U - 1 -> if :: PTE(k, p) == ZEROPAGE -> PTE(k, p) = NONE :: else fi; k = 0 }
  fi;
  d_step { entry[p] = PFN }
  d_step { dirty[p] = 1 }
  d_step { assert(dirty[p]); PTE(_pid, p) = WRITE } goto unlock;
mkwrite:
  if :: d_step { take(p) } fi;
  extent[p] == MAPPED;
  entry[p] == PFN;
  d_step { dirty[p] = 1 }
  d_step { assert(dirty[p]); PTE(_pid, p) = WRITE }
unlock:
  if :: d_step { holder[p] = 0; p = 0 } goto idle fi;
}

active [S] proctype syncer() {
  byte p, k;
tag:
  if
  :: d_step {
       k = 0;
       do
       :: k < N -> if :: dirty[k] -> towrite[k] = 1 :: else fi; k++
       :: else -> break
       od;
       k = 0
     }
  fi;
walk:
  if
  :: towrite[p] -> goto lock
  :: d_step { !towrite[p] && p < N - 1 -> p++ } goto walk
  :: d_step { !towrite[p] && p == N - 1 -> p = 0 } goto tag
  fi;
lock:
  if
  :: d_step { towrite[p] && holder[p] == 0 -> holder[p] = _pid + 1 }
  :: d_step { !towrite[p] && p < N - 1 -> p++ } goto walk
  :: d_step { !towrite[p] && p == N - 1 -> p = 0 } goto tag
  fi;
  d_step { towrite[p] = 0 }
mkclean:
  if
  :: d_step { k < U - 1 -> if :: PTE(k, p) == WRITE -> PTE(k, p) = READ; protected[p] = 1 :: else fi; k++ }
     goto mkclean
  :: d_step { k == U - 1 -> if :: PTE(k, p) == WRITE -> PTE(k, p) = READ; protected[p] = 1 :: else fi; k = 0 }
  fi;
  d_step { unflushed[p] = 0; flushed[p] = 1 }
  d_step {
    k = 0;
    do
    :: k < U -> assert(PTE(k, p) != WRITE); k++
    :: else -> break
    od;
    k = 0;
    assert(flushed[p] && protected[p] <= 1);
    dirty[p] = 0;
    protected[p] = 0;
    flushed[p] = 0
  }
  if
  :: d_step { p < N - 1 -> holder[p] = 0; p++ } goto walk
  :: d_step { p == N - 1 -> holder[p] = 0; p = 0 } goto tag
  fi
}
