/*
 * The landing protocol, checked exhaustively for small bounds. landing.md beside it says how to run it.
 *
 *   -DDERIVE   objects are computed again from the log after a crash: the protocol that was not chosen
 *   -DSTAGE    every object exists as durable bytes before its first request is sent: the protocol of this project
 *
 * A record is a bit; an object is the set of the records in it, so "same content" means "same bits". Partition 2 is the
 * error output (an object like any other), outcome 3 is Dropped. A configuration change between two runs and a Lambda
 * that answers differently are the same thing here: without -DPURE each run chooses the outcome of each record anew.
 *
 *   -DREDIRECT a recorded object may get another key: a durable record names it, and the old key is never requested again
 *   -DSKIP     a recorded object of the open range may become void, once: its records are read again and are error output
 */
#ifndef N
#define N 4                     /* records */
#endif
#ifndef SIZE
#define SIZE 2                  /* size hint, records per object */
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef SLOTS
#define SLOTS 2                 /* delayed PUTs in flight at once */
#endif
#if SLOTS > 1
#define IDLE (zc[1] == 0)
#else
#define IDLE true
#endif
#ifdef NOCUT
#define CUTRULE(x) true
#else
#define CUTRULE(x) ((x) >= cut)                  /* a seal never ends before a roll that is already recorded */
#endif
#ifdef DERIVE
#define Q 3
#define NK (N*3*Q)
#define KEY(s,p,q) ((s)*3*Q+(p)*Q+(q))     /* range start, partition, number within the partition */
#else
#ifdef SKIP
#define W (N+1)                            /* objects of a range: one record each, and those of the void one again */
#else
#define W N
#endif
#define NK (N*W)
#define KEY(s,n) ((s)*W+(n))               /* range start, number within the range */
#endif
#ifdef SKIP
#define FREE                               /* staged bytes go before their range commits */
#define GIVES_UP
#endif
#ifdef REDIRECT
#define GIVES_UP                           /* a key may be given up */
#endif
#ifdef REDIRECT
#define NS (2*NK)                          /* names in the store: the one that was given first, and the one after it */
#define NAME(k) ((k) + NK*moved[k])
#else
#define NS NK
#define NAME(k) (k)
#endif
#define BIT(i)    (1<<((i)+N*gen[i]))      /* a record's identity: place in the log, and which record got that place */
#define ALLOF(i)  ((1<<(i))|(1<<((i)+N)))

/* --- the object store ------------------------------------------------------------------------------------------- */
byte obj[NS];                   /* visible content, 0 = absent */
byte zk[SLOTS]; byte zc[SLOTS]; /* PUTs reported as failed (or whose sender died) that may still land; 0 = free */
#ifdef CONSUMER
bool gone[NS];                  /* a reader moved the object away after reading it */
#endif
#ifdef MPU
byte up[NS];                    /* multipart upload: 1 = parts are stored, 2 = completed, the upload id is dead */
#endif

/* --- the log ---------------------------------------------------------------------------------------------------- */
byte acc;                       /* accepted: fsynced, producer has its 200 */
byte wr;                        /* written, perhaps not yet fsynced */
bit  gen[N];
byte trunc;                     /* the log has forgotten everything below */

/* --- the ledger: what the commit said --------------------------------------------------------------------------- */
byte led[NS];                   /* by the name in the store */
byte drops;

byte crashes; byte i; byte p; byte k; byte c; byte n; byte b; byte m;

inline land(kk, cc) {           /* the store executes one PUT (or CompleteMultipartUpload) */
  skip;
  if
#ifdef MPU
  :: up[kk] != 1 -> skip                                          /* NoSuchUpload */
#endif
#ifdef COND
  :: obj[kk] != 0 -> skip                                         /* 412 */
#endif
  :: else ->
#ifdef CONSUMER
     assert(!gone[kk]);                                           /* a reader sees these records a second time */
#endif
#ifndef MAY_CHANGE
     assert(obj[kk] == 0 || obj[kk] == (cc));                     /* a visible object never changes */
#endif
     obj[kk] = cc; printf("  store: object %d = {%x}\n", kk, cc);
#ifdef MPU
     up[kk] = 2;
#endif
  fi
}

inline delay(kk, cc) {          /* sent, but executed later or never */
  n = 0;
  do :: n < SLOTS && zc[n] != 0 -> n++ :: else -> break od;
  if :: n < SLOTS -> zk[n] = kk; zc[n] = cc; n = 0; printf("  PUT of object %d = {%x} reported as failed, on its way\n", kk, cc) :: else -> n = 0 fi
}

inline books() {                /* at quiescence: nothing lost, nothing twice, nothing outside the ledger */
  b = 0; k = 0;
  do
  :: k < NS ->
#ifdef CONSUMER
     assert(obj[k] == led[k] || (gone[k] && obj[k] == 0));
#else
     assert(obj[k] == led[k]);                                    /* store and ledger agree, object by object */
#endif
     assert((b & led[k]) == 0); b = b | led[k]; k++               /* no record in two objects */
  :: else -> break
  od;
  assert((b & drops) == 0); b = b | drops;
  i = 0;
  do
  :: i < N -> assert((b & ALLOF(i)) == BIT(i)); i++               /* every accepted record, and that very record */
  :: else -> break
  od
}

inline size(x) {                /* number of records in x, into m */
  m = 0; n = 0;
  do :: n < 2*N -> m = m + (((x) >> n) & 1); n++ :: else -> break od; n = 0
}

inline powercut() {             /* unsynced frames are gone (or not); other records will take their places */
  skip; i = acc;
  do :: i < wr -> gen[i] = 1 - gen[i]; i++ :: else -> break od;
  wr = acc; i = 0
}

#ifdef UNSYNCED_READ
#define LIMIT wr
#else
#define LIMIT acc
#endif

/* ================================================================================================================ */
#ifdef DERIVE

bool opened, sealed; byte ck, end, cut;         /* durable: open, seal, checkpoint, highest position of an intent */
bool intent[NK];                                /* durable */
byte out[N];                                    /* outcome + 1 of a record: fixed for ever if PURE, else for one run */
bool live; byte pos; byte buf[3]; byte q[3];     /* volatile */
byte todo[NK]; bool done[NK]; bool ledgerdue;

inline wipe() {
  live = 0; pos = 0; i = 0; ledgerdue = 0;
  do :: i < 3 -> buf[i] = 0; q[i] = 0; i++ :: else -> break od; i = 0;
  do :: i < NK -> todo[i] = 0; done[i] = 0; i++ :: else -> break od; i = 0;
#ifndef PURE
  do :: i < N -> out[i] = 0; i++ :: else -> break od;
#endif
  i = 0
}
inline close(pp) { k = KEY(ck, pp, q[pp]); todo[k] = buf[pp]; q[pp] = q[pp] + 1; buf[pp] = 0; k = 0 }
inline alldone() { b = 1; k = 0; do :: k < NK -> if :: todo[k] != 0 && !done[k] -> b = 0 :: else fi; k++ :: else -> break od; k = 0 }
inline strays()  { b = 0; k = 0; do :: k < NK -> if :: intent[k] && todo[k] == 0 && obj[k] != 0 -> b = 1 :: else fi; k++ :: else -> break od; k = 0 }

active proctype derive() {
  do
  :: atomic { wr < N -> wr++ }                                              /* accept: write, then fsync */
  :: atomic { acc < wr -> acc++ }
  :: atomic { !live && ck < LIMIT && !opened -> opened = 1; live = 1; pos = ck }
  :: atomic { !live && opened -> live = 1; pos = ck }                          /* after a crash: read the range again */
  :: atomic { live && pos < (sealed -> end : LIMIT) ->
       assert(pos >= trunc);
       if :: out[pos] == 0 -> select(p : 0 .. 3); out[pos] = p + 1 :: else -> p = out[pos] - 1 fi;
       if :: p == 3 -> skip :: else -> buf[p] = buf[p] | BIT(pos) fi;
       printf("read %d -> %d\n", pos, p); pos++;
       if :: p < 2 -> size(buf[p]); if :: m >= SIZE -> close(p);
#ifndef AFTER_SEAL
            k = KEY(ck, p, q[p] - 1); intent[k] = 1; printf("intent %d\n", k);
            if :: pos > cut -> cut = pos :: else fi;
#endif
            :: else fi
       :: else fi; m = 0; k = 0; p = 0; b = 0 }
  :: atomic { live && opened && !sealed && pos > ck && CUTRULE(pos) -> sealed = 1; end = pos; printf("seal [%d,%d)\n", ck, end) }   /* at any time */
  :: atomic { live && sealed && pos == end && (buf[0] | buf[1] | buf[2]) != 0 ->
       p = 0; do :: p < 3 -> if :: buf[p] != 0 -> close(p) :: else fi; p++ :: else -> break od; p = 0 }
  :: atomic { live -> select(k : 0 .. NK - 1);
       if
       :: todo[k] != 0 && !done[k] && (intent[k] || (sealed && pos == end)) ->
          if
          :: land(k, todo[k]); done[k] = 1                                    /* 200 */
          :: land(k, todo[k])                                                 /* stored, but error reported */
          :: delay(k, todo[k])                                                /* error reported, stored later or never */
          :: obj[k] == todo[k] -> done[k] = 1                                 /* looked: it is there, with our mark */
#ifdef COND
          :: obj[k] != 0 -> done[k] = 1                                       /* 412: taken for our own first attempt */
#endif
          fi
       :: else fi; k = 0 }
#ifndef AFTER_SEAL
  :: atomic { live && sealed && pos == end -> select(k : 0 .. NK - 1);         /* keys the second run no longer makes */
       if :: intent[k] && todo[k] == 0 && obj[k] != 0 ->
#ifdef STRICT
          assert(false);                                                      /* a visible object disappears */
#endif
          obj[k] = 0; printf("delete %d\n", k)
       :: else fi; k = 0 }
#endif
  :: atomic { live && opened && sealed && pos == end && (buf[0] | buf[1] | buf[2]) == 0 ->
       alldone(); c = b; strays();
       if :: c == 1 && b == 0 ->
#ifdef LEDGER_SPLIT
          ledgerdue = 1;
#else
          k = 0; do :: k < NK -> if :: todo[k] != 0 -> led[k] = todo[k] :: else fi; k++ :: else -> break od;
          i = ck; do :: i < end -> if :: out[i] == 4 -> drops = drops | BIT(i) :: else fi; i++ :: else -> break od;
#endif
          printf("commit %d\n", end); ck = end; opened = 0; sealed = 0; end = 0; cut = 0;
          k = 0; do :: k < NK -> intent[k] = 0; k++ :: else -> break od;
#ifndef LEDGER_SPLIT
          wipe()
#endif
       :: else fi; b = 0; c = 0; k = 0; i = 0 }
#ifdef LEDGER_SPLIT
  :: atomic { ledgerdue ->
       k = 0; do :: k < NK -> if :: todo[k] != 0 -> led[k] = todo[k] :: else fi; k++ :: else -> break od;
       i = 0; do :: i < ck -> if :: out[i] == 4 -> drops = drops | BIT(i) :: else fi; i++ :: else -> break od; wipe(); k = 0 }
#endif
#ifdef CONSUMER
  :: atomic { select(k : 0 .. NK - 1); if :: obj[k] != 0 -> gone[k] = 1; obj[k] = 0; printf("reader moves %d away\n", k) :: else fi; k = 0 }
#endif
#ifdef TRUNC_AT_SEAL
  :: atomic { sealed && trunc < end -> trunc = end }
#else
  :: atomic { trunc < ck -> trunc = ck }
#endif
  :: atomic { crashes < CRASHES -> crashes++; if :: powercut() :: skip fi; wipe(); printf("CRASH\n") }
  :: atomic { zc[0] != 0 -> if :: land(zk[0], zc[0]) :: skip fi; zc[0] = 0; zk[0] = 0 }
#if SLOTS > 1
  :: atomic { zc[1] != 0 -> if :: land(zk[1], zc[1]) :: skip fi; zc[1] = 0; zk[1] = 0 }
#endif
  :: atomic { acc == N && ck == N && zc[0] == 0 && !ledgerdue && IDLE -> books(); break }
  od
}
#endif

/* ================================================================================================================ */
#ifdef STAGE

/* durable state of the lane: the state file, or the state topic in the Kafka mode */
byte ck;                        /* commit: checkpoint */
byte os;                        /* the open range starts here = end of the last seal */
byte cut;                       /* highest position of a roll in the open range */
byte objects;                   /* objects of the open range so far (rolls) */
byte rolled;                    /* records of the open range that are settled by rolls */
byte sealend[N];                /* sealed ranges, by start; 0 = none */
byte plan[NK];                  /* roll and seal records: object -> its bytes, in the staging area */
byte dropped;                   /* in the seal record */
#ifdef FREE
bool lnd[NK];                   /* landed record: the object has been seen in the store, before its range commits */
bool free[NK];                  /* its staged bytes are gone */
#ifdef FREE_UNRECORDED
#define MAY_FREE(x) o[w].landed[x]
#else
#define MAY_FREE(x) lnd[x]      /* staged bytes go only after the landing is durable in the state */
#endif
#ifdef FREE_FORGOTTEN
#define KNOWN(x) false
#else
#define KNOWN(x) lnd[x]         /* a later process asks for nothing that has landed */
#endif
#define HAS_BYTES(x) (!free[x])
#else
#define KNOWN(x) false
#define HAS_BYTES(x) true
#endif
byte epoch;                     /* generation of the owner (lock file, consumer generation, lease counter) */
#ifdef REDIRECT
bool moved[NK];                 /* redirect record: the object has its second name */
#endif
#ifdef SKIP
byte failed;                    /* skip record: records of the void object, which go to the error output */
byte going;                     /* volatile: 1 + the object whose skip is about to be recorded */
#define GOING(x) (going == (x) + 1)
#define AWAITS_SKIP (going != 0)
#else
#define GOING(x) false
#define AWAITS_SKIP false
#endif

/* volatile state, one set per owner */
typedef Owner {
  bool alive; byte epoch; byte pos; byte buf[3]; byte drop; bool landed[NK]
#ifdef GIVES_UP
  ; bool maybe[NK]              /* a request for its name may have been sent */
#endif
}
Owner o[2];
byte w;                         /* the owner that moves now */
#define OWNER (o[w].epoch == epoch)
#ifdef NOFENCE
#define MINE true
#else
#define MINE OWNER              /* a former owner lands and tries to append; what else it reads no longer matters */
#endif

/* guards: a branch with nothing to do is not executable, so that a run that got stuck shows as an invalid end state */
#define PENDING(x) (plan[(x)%NK] != 0 && !GOING((x)%NK) && !o[w].landed[(x)%NK] && (led[NAME((x)%NK)] == 0 || !OWNER))
#define TO_LAND (PENDING(0) || PENDING(1) || PENDING(2) || PENDING(3) || PENDING(4) || PENDING(5) || PENDING(6) || PENDING(7) || PENDING(8) \
  || PENDING(9) || PENDING(10) || PENDING(11) || PENDING(12) || PENDING(13) || PENDING(14) || PENDING(15))             /* N <= 4 */
#ifdef FREE
#define FREEABLE(x) (plan[(x)%NK] != 0 && led[NAME((x)%NK)] == 0 && !free[(x)%NK] && o[w].landed[(x)%NK])
#define TO_FREE (FREEABLE(0) || FREEABLE(1) || FREEABLE(2) || FREEABLE(3) || FREEABLE(4) || FREEABLE(5) || FREEABLE(6) || FREEABLE(7) \
  || FREEABLE(8) || FREEABLE(9) || FREEABLE(10) || FREEABLE(11))                                                     /* N <= 3 */
#endif
#define SEEN(x) (plan[KEY(ck,(x)%W)] == 0 || o[w].landed[KEY(ck,(x)%W)])
#define ALL_SEEN (SEEN(0) && SEEN(1) && SEEN(2) && SEEN(3))
#define TO_ROLL (objects < W && (o[w].buf[0] | o[w].buf[1] | o[w].buf[2]) != 0)
#ifdef NOCOMMIT
#define MAY_COMMIT false
#else
#define MAY_COMMIT true
#endif
#ifdef NOSEAL
#define MAY_SEAL false
#else
#define MAY_SEAL true
#endif

#ifdef GIVES_UP
/*
 * When a key may be given up (decision 36): at once if no request for it can have been sent, and none
 * was answered with anything but a certain refusal; otherwise when none can arrive any more and a look does not see the
 * object. What a portal may do to that look is in void.pml.
 */
inline maySend(x) { o[w].maybe[x] = 1 }
inline unknown(x) { n = 0; do :: n < NK -> o[x].maybe[n] = (plan[n] != 0); n++ :: else -> break od; n = 0 }
inline waits(x) {               /* b: whether a request for this name is still on its way */
  b = 0; n = 0;
  do :: n < SLOTS -> if :: zc[n] != 0 && zk[n] == NAME(x) -> b = 1 :: else fi; n++ :: else -> break od; n = 0
}
inline mayMove(x) {             /* b: whether the key may be given up */
  if
#ifdef ANYTIME
  :: true -> b = 1                                                       /* rule taken away: whatever was sent */
#else
  :: !o[w].maybe[x] -> b = 1
  :: o[w].maybe[x] -> waits(x);
     if
#ifdef BLIND
     :: true -> b = 1 - b                                                /* rule taken away: nobody looks */
#else
     :: true -> b = (b == 0 && obj[NAME(x)] == 0)
#endif
     fi
#endif
  fi
}
#else
#define maySend(x) skip
#define unknown(x) skip
#endif
#ifdef REDIRECT
#define MOVABLE(x) (plan[(x)%NK] != 0 && !moved[(x)%NK] && !o[w].landed[(x)%NK] && led[NAME((x)%NK)] == 0)
#define TO_MOVE (MOVABLE(0) || MOVABLE(1) || MOVABLE(2) || MOVABLE(3) || MOVABLE(4) || MOVABLE(5) || MOVABLE(6) || MOVABLE(7) || MOVABLE(8))  /* N <= 3 */
#endif
#ifdef SKIP
#define SKIPPABLE(x) (os < N && (x) < W && plan[KEY(os,(x))] != 0 && !o[w].landed[KEY(os,(x))])
#define TO_SKIP (failed == 0 && going == 0 && (SKIPPABLE(0) || SKIPPABLE(1) || SKIPPABLE(2) || SKIPPABLE(3)))          /* N <= 3 */
#endif

inline begin(x) {               /* recovery: everything volatile is forgotten, durable state is read */
#ifdef SKIP
  going = 0;
#endif
  o[x].alive = 1; epoch++; o[x].epoch = epoch; o[x].pos = os; o[x].drop = 0; i = 0; unknown(x);
  do :: i < 3 -> o[x].buf[i] = 0; i++ :: else -> break od; i = 0;
  do :: i < NK -> o[x].landed[i] = KNOWN(i); i++ :: else -> break od; i = 0
}
inline quiet(x) { i = 0; do :: i < NK -> o[x].landed[i] = 0; i++ :: else -> break od; i = 0 }
inline fenced(x) {              /* the append is refused: this owner is done */
  o[x].alive = 0; o[x].pos = 0; o[x].drop = 0; o[x].epoch = 0; quiet(x);
  do :: i < 3 -> o[x].buf[i] = 0; i++ :: else -> break od; i = 0; w = 1 - x
}
inline stage(pp) {              /* bytes durable first, then the record that names them */
  k = KEY(os, objects); plan[k] = o[w].buf[pp]; objects++; o[w].buf[pp] = 0;
#ifdef MPU
  up[k] = 1;
#endif
  k = 0
}

active proctype stageandland() {
  atomic { begin(0) };
  do
  :: atomic { wr < N -> wr++ }
  :: atomic { acc < wr -> acc++ }
#ifdef ZOMBIE
  :: atomic { o[1-w].alive -> w = 1 - w }                                     /* either owner may move at any time */
#endif
  :: atomic { o[w].alive && o[w].pos < LIMIT && MINE ->
       if :: OWNER -> assert(o[w].pos >= trunc) :: else fi;                   /* the log still has it */
       if
#ifndef NOSKIP
       :: rolled & BIT(o[w].pos) -> skip                                      /* settled by a roll of an earlier run */
#endif
#ifdef SKIP
       :: (failed & BIT(o[w].pos)) && !(rolled & BIT(o[w].pos)) -> p = 2; o[w].buf[p] = o[w].buf[p] | BIT(o[w].pos)   /* its object was skipped */
#endif
       :: else -> select(p : 0 .. 3);                                         /* any outcome, new in every run */
          if :: p == 3 -> o[w].drop = o[w].drop | BIT(o[w].pos)
             :: else   -> o[w].buf[p] = o[w].buf[p] | BIT(o[w].pos) fi
       fi; printf("owner %d read %d -> %d\n", w, o[w].pos, p); o[w].pos++; p = 0 }
  :: atomic { o[w].alive && TO_ROLL -> select(p : 0 .. 2);                    /* roll: size reached, or memory short, or any whim */
       if :: o[w].buf[p] != 0 && objects < W ->
          size(o[w].buf[p]); 
          if
#ifndef ROLL_ANY
          :: m < SIZE -> skip
#endif
          :: else ->
             if :: !MINE -> fenced(w)                                    /* fenced: the append is refused */
             :: else -> rolled = rolled | o[w].buf[p]; printf("owner %d rolls {%x}\n", w, o[w].buf[p]); stage(p);
                if :: o[w].pos > cut -> cut = o[w].pos :: else fi
             fi
          fi
       :: else fi; p = 0; m = 0 }
  :: atomic { MAY_SEAL && !AWAITS_SKIP && o[w].alive && o[w].pos > os && CUTRULE(o[w].pos) -> /* seal, at any time */
       if :: !MINE -> fenced(w)
       :: else ->
          p = 0; do :: p < 3 -> if :: o[w].buf[p] != 0 && objects < W -> stage(p) :: else fi; p++ :: else -> break od; p = 0;
          dropped = dropped | o[w].drop; o[w].drop = 0;
          printf("owner %d seals [%d,%d)\n", w, os, o[w].pos); sealend[os] = o[w].pos; os = o[w].pos; objects = 0; rolled = 0; cut = 0
       fi }
  :: atomic { o[w].alive && TO_LAND -> select(k : 0 .. NK - 1);               /* land; a former owner may do so for ever */
       if
       :: plan[k] != 0 && !GOING(k) && !o[w].landed[k] && (led[NAME(k)] == 0 || !OWNER) && (OWNER || HAS_BYTES(k)) -> c = NAME(k);
          assert(HAS_BYTES(k));                                               /* the owner needs bytes that are gone */
          if
          :: land(c, plan[k]); o[w].landed[k] = OWNER                             /* 200 */
          :: land(c, plan[k]); maySend(k)                                     /* stored, but error reported */
          :: delay(c, plan[k]); maySend(k)                                    /* error reported, stored later or never */
          :: obj[c] == plan[k] -> o[w].landed[k] = OWNER                          /* looked: it is there, with our mark */
#ifdef MPU
          :: up[k] == 2 && obj[k] == 0 -> up[k] = 1                               /* NoSuchUpload and absent: a new upload of the same bytes */
#endif
          fi
       :: else fi; k = 0; c = 0 }
#ifdef REDIRECT
  /* a certain refusal of a request changes nothing, so it is no step; somebody asks for another name, at any time */
  :: atomic { o[w].alive && OWNER && TO_MOVE -> select(k : 0 .. NK - 1);
       if
       :: MOVABLE(k) -> mayMove(k);
          if
          :: b -> b = 0;
#ifdef UNRECORDED
             if                                                          /* rule taken away: sent before it is recorded */
             :: land(k + NK, plan[k]); maySend(k)
             :: skip
             fi;
             if
             :: moved[k] = 1; o[w].maybe[k] = 0
             :: crashes < CRASHES -> crashes++; begin(w); printf("CRASH before the record of the new name\n")
             fi
#else
             moved[k] = 1; o[w].maybe[k] = 0; printf("object %d gets another name\n", k)
#endif
          :: else -> skip
          fi
       :: else fi; k = 0; b = 0 }
#endif
#ifdef SKIP
  /* somebody asks that an object of the open range is skipped, at any time */
  :: atomic { o[w].alive && OWNER && TO_SKIP -> select(n : 0 .. W - 1); k = KEY(os, n); n = 0;
       if
       :: plan[k] != 0 && !o[w].landed[k] -> mayMove(k);
          if
          :: b -> going = k + 1                                               /* nothing is requested for it from here on */
          :: else -> skip
          fi
       :: else fi; k = 0; b = 0 }
#ifdef SKIP_UNRECORDED
  :: atomic { going != 0 && !free[going - 1] -> free[going - 1] = 1 }           /* rule taken away: before the skip is durable */
#endif
  :: atomic { going != 0 -> k = going - 1; going = 0;                         /* one append; then what was read of the range is read again */
       failed = plan[k]; rolled = rolled & ~plan[k]; plan[k] = 0; free[k] = 1;
       o[w].pos = os; o[w].drop = 0; p = 0;
       do :: p < 3 -> o[w].buf[p] = 0; p++ :: else -> break od; p = 0;
       printf("object %d is skipped, its bytes are gone\n", k); k = 0 }
#endif
#ifdef FREE
  :: atomic { o[w].alive && TO_FREE -> select(k : 0 .. NK - 1);               /* room is short: what has landed makes some */
       if
       :: plan[k] != 0 && o[w].landed[k] && led[NAME(k)] == 0 && !lnd[k] ->
          if :: !MINE -> fenced(w) :: else -> lnd[k] = 1; printf("owner %d says that %d has landed\n", w, k) fi
       :: MINE && plan[k] != 0 && led[NAME(k)] == 0 && MAY_FREE(k) && !free[k] -> free[k] = 1; printf("bytes of %d are gone\n", k)
       :: else fi; k = 0 }
#endif
  :: atomic { MAY_COMMIT && o[w].alive && ck < N && sealend[ck] != 0 && ALL_SEEN ->   /* commit, oldest sealed range first */
       n = 0;
       if
       :: !MINE -> fenced(w)
       :: else ->
          do :: n < W -> led[NAME(KEY(ck,n))] = plan[KEY(ck,n)]; n++ :: else -> break od; n = 0;
          i = ck; do :: i < sealend[ck] -> if :: dropped & BIT(i) -> drops = drops | BIT(i) :: else fi; i++ :: else -> break od; i = 0;
          ck = sealend[ck]; printf("owner %d commits %d\n", w, ck)
       fi; b = 0 }
#ifdef TRUNC_AT_SEAL
  :: atomic { trunc < os -> trunc = os }
#else
  :: atomic { trunc < ck -> trunc = ck }
#endif
#ifdef CONSUMER
  :: atomic { select(k : 0 .. NK - 1); if :: obj[k] != 0 -> gone[k] = 1; obj[k] = 0; printf("reader moves %d away\n", k) :: else fi; k = 0 }
#endif
#ifdef ZOMBIE
  :: atomic { crashes < CRASHES -> crashes++; begin(1 - w); quiet(w); w = 1 - w; printf("TAKEOVER by %d\n", w) }       /* takeover; the former owner lives on */
#endif
  :: atomic { crashes < CRASHES -> crashes++; if :: powercut() :: skip fi; begin(w); printf("CRASH, restart of %d\n", w) }          /* crash and restart */
  :: atomic { zc[0] != 0 -> if :: land(zk[0], zc[0]) :: skip fi; zc[0] = 0; zk[0] = 0 }
#if SLOTS > 1
  :: atomic { zc[1] != 0 -> if :: land(zk[1], zc[1]) :: skip fi; zc[1] = 0; zk[1] = 0 }
#endif
  :: atomic { acc == N && ck == N && zc[0] == 0 && IDLE -> books(); break }
  od
}
#endif
