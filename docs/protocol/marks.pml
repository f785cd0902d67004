/*
 * What a mark outside a file is for. See marks.md for how to run it.
 *
 * A lane appends frames to its state; frame i names the object of record i, and a request follows. A record whose frame
 * is not there any more is read again and lands in another object. The power may go, and while no process runs the
 * medium may damage the file or its mark, DAMAGES times. Checked: no record is visible twice, and nobody is refused
 * whose file was not damaged. With JOURNAL: a journal accepts records, and its newest segment may be cut at rest. Checked:
 * what was answered a second before the end, or before a stop, is there or told, and no sequence is given twice.
 */
#ifndef FRAMES
#define FRAMES 2                /* records of the lane or of the journal */
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef DAMAGES
#define DAMAGES 1
#endif

byte crashes; byte damages; byte i;

#ifndef JOURNAL

/* --- on the disk ---------------------------------------------------------------------------------------------------- */
bool named;                     /* there is a state */
byte epoch;                     /* of the state file; its head holds what was believed when it was begun */
byte head;                      /* how many records the head holds: durable before the file has its name */
byte frames;                    /* records in head and tail, as they are read now */
byte synced;                    /* of these, durable */
byte durably;                   /* the durable-up-to of the last frame: what was known to be synced when it was written */
bool cut;                       /* the medium has damaged a frame: what is behind it is not believed */
byte place;                     /* and which is the first that is bad */
byte markEpoch; byte mark;      /* the younger copy that is durable: how long the file was, the head counting 1 */
byte copies = 2;                /* copies of the mark that are whole */
bool marked;                    /* the head says that there is a mark */
bool noMark;                    /* the medium has lost the mark */
bool tornMark;                  /* a write of the mark is under way */

#define LENGTH(n) (1 + (n) - head)

/* --- the store, and what the process does --------------------------------------------------------------------------- */
byte visible[FRAMES];           /* objects of each record */
bool alive; bool ready; bool refused; bool over;
byte believed; byte whole; byte known; bool bad;
bool harmed;                    /* the medium has damaged anything */

inline land(n) { visible[n]++; printf("record %d lands\n", n); assert(visible[n] < 2) }

/* What the process has asked for, and nothing that came later, is durable. */
inline syncState() { synced = frames }

inline markIt() {               /* in place: one of two copies */
#ifdef ONECOPY
  copies = 0;
#else
  copies = 1;
#endif
  tornMark = true
}
inline markDone() { copies = 2; tornMark = false; mark = LENGTH(synced); markEpoch = epoch }

active proctype lane() {
  do
  /* it starts: judges what is there, and writes it anew under a higher epoch */
  :: atomic { !alive && !refused && !over ->
       alive = true; ready = false; bad = false;
       believed = frames; whole = 0; known = 0;
       if :: cut && place < believed -> believed = place :: else fi;
       if
       :: named -> known = LENGTH(durably); if :: believed >= head -> whole = LENGTH(believed) :: else fi
       :: else -> skip
       fi;
       if
       :: noMark ->
#ifndef MISSINGOK
            if :: marked -> bad = true :: else fi
#else
            skip
#endif
       :: !noMark && copies == 0 -> bad = true
       :: !noMark && copies > 0 ->
#ifdef NOMARK
            skip
#else
#ifdef EPOCHBLIND
            if :: named && mark > known -> known = mark :: else fi
#else
            if :: named && markEpoch == epoch && mark > known -> known = mark :: else fi;
            if :: named && markEpoch > epoch -> bad = true :: else fi
#endif
#ifndef NEWBEGIN
            ; if :: !named && markEpoch > 0 -> bad = true :: else fi
#endif
#endif
       fi;
       if :: whole < known -> bad = true :: else fi;
       if
       :: bad -> refused = true; printf("refused\n"); assert(harmed)
       :: else -> frames = believed; cut = false; printf("believes %d\n", believed)
       fi; believed = 0; whole = 0; known = 0; bad = false }
  /* a new file: durable, with its name, before its mark says so */
  :: atomic { alive && !ready && !refused && !tornMark ->
       named = true; epoch++; head = frames; synced = frames; durably = frames; cut = false;
       noMark = false; marked = true; markIt(); printf("a file of epoch %d\n", epoch) }
  :: atomic { alive && !ready && tornMark -> markDone(); ready = true;
       i = 0;                   /* what is recorded and not seen in the store is asked for again: the same object */
       do :: i < FRAMES -> if :: i < frames && visible[i] == 0 -> land(i) :: else fi; i++ :: else -> break od; i = 0 }
  /* one more frame, its sync, the mark, the request */
  :: atomic { alive && ready && frames < FRAMES && frames == synced && !tornMark ->
       durably = synced; frames++; printf("frame %d\n", frames - 1)
#ifdef EARLYMARK
       ; mark = LENGTH(frames); markEpoch = epoch
#endif
     }
  :: atomic { alive && ready && frames > synced && !tornMark -> syncState(); markIt();
#ifdef LATEMARK
       land(frames - 1);        /* rule taken away: the request does not wait for the mark */
#endif
       printf("synced\n") }
  :: atomic { alive && ready && frames == synced && tornMark -> markDone();
#ifndef LATEMARK
       land(frames - 1);
#endif
       printf("marked\n") }
  /* a power cut: what was not synced is there or not */
  :: atomic { alive && crashes < CRASHES -> crashes++; alive = false; ready = false; printf("POWER CUT\n");
       if :: frames > synced -> if :: frames = synced :: true fi; synced = frames
       :: else fi;
       if :: tornMark -> if :: copies = 2; mark = LENGTH(synced); markEpoch = epoch :: true fi; tornMark = false
       :: else fi }
  /* the medium, while nobody looks */
  :: atomic { !alive && !refused && named && damages < DAMAGES -> damages++; harmed = true; printf("DAMAGE\n");
       if
       :: frames > head -> cut = true; place = frames - 1      /* a bit of the last frame, or the end is cut off */
       :: frames > 0 -> cut = true; place = 0                  /* of the head, or the file is empty */
       :: !noMark -> named = false; frames = 0; head = 0; synced = 0; durably = 0; epoch = 0; marked = false   /* it is gone */
       :: noMark = true; mark = 0; markEpoch = 0; copies = 2
       fi }
  :: atomic { (refused || (alive && ready && frames == FRAMES && frames == synced && !tornMark)) && !over -> over = true }
  :: atomic { over -> break }
  od
}

#else

/* --- the journal: sequences 0, 1, … one record each ----------------------------------------------------------------- */
byte file;                      /* records in the newest segment as it is read */
byte durable;                   /* of these, synced: answered */
byte answered;                  /* the highest number of records that were answered */
byte mark;                      /* durable, outside */
byte next;                      /* the sequence that the next record is given */
byte told;                      /* everything below is there or told as lost */
byte due;                       /* records that were answered more than a second ago, or before a stop */
bool alive; bool harmed; byte end; bool over;
bool given[FRAMES];             /* sequences below the mark that were answered */

active proctype journal() {
  do
  :: atomic { !alive && !over ->
       alive = true;
       end = file;              /* valid frames end here */
#ifndef NOMARK
       if :: mark > end -> printf("lost: %d to %d\n", end, mark - 1); assert(harmed); end = mark :: else fi;
#endif
       assert(end >= due);      /* what was due is there, or told */
#ifdef REUSE
       next = file;             /* rule taken away: goes on where the frames end */
#else
       next = end;
#endif
       file = next; durable = next; end = 0; printf("goes on at %d\n", next) }
  :: atomic { alive && next < FRAMES && file == durable -> file++;
#ifdef EARLYMARK
       mark = file;
#endif
       printf("record %d\n", next) }
  :: atomic { alive && file > durable -> durable = file;
       assert(next >= due); /* a sequence that was due is not given again */
       next = file; answered = file; printf("answered\n") }
  :: atomic { alive && due < durable -> printf("a second\n"); mark = durable; due = durable }
  :: atomic { alive && file == durable && crashes < CRASHES -> crashes++; alive = false; printf("STOP\n");
#ifndef NOSTOPMARK
       mark = durable;
#endif
       due = durable }
  :: atomic { alive && crashes < CRASHES -> crashes++; alive = false; printf("POWER CUT\n");
       if :: file > durable -> if :: file = durable :: durable = file fi :: else fi }
  :: atomic { !alive && damages < DAMAGES && file > 0 -> damages++; harmed = true;
       if :: file-- :: file = 0 fi; durable = file; printf("CUT at rest to %d\n", file) }
  :: atomic { alive && next == FRAMES && file == durable && !over -> over = true }
  :: atomic { over -> break }
  od
}

#endif
