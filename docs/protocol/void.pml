/*
 * When the key of an object may be given up. See void.md for how to run it.
 *
 * One object is recorded under key A. Its staged bytes may rot; then its record lands in another object, under key B.
 * Requests may be held on their way, also after their sender has died, and answers may be those of a portal in front of
 * the store. Checked: the record is never visible under both keys, it is visible in the end, and nobody is accused of
 * having put something else there.
 *
 * Time is counted in ticks, by counters that stop where they no longer matter. A request is refused when it is older
 * than LIFE (the time that its signature counts); two answers to a look are believed when they are APART.
 */
#ifndef LIFE
#define LIFE 3
#endif
#ifndef APART
#define APART 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef SLOTS
#define SLOTS 2                 /* requests held at the same time */
#endif
#ifndef PORTALS
#define PORTALS 1
#endif

#ifdef NOWAIT
#define QUIET true              /* rule taken away: a request may still be under way */
#else
#define QUIET (quiet >= LIFE)
#endif
#ifdef EARLYLOOK
#define EARLY true              /* rule taken away: looks count that were made while one may have been under way */
#else
#define EARLY false
#endif
#ifdef ONELOOK
#define TWICE true              /* rule taken away: the first answer is believed */
#else
#define TWICE (again && apart >= APART)
#endif

#if SLOTS > 1
#define ARRIVED (held[0] == 0 && held[1] == 0)
#else
#define ARRIVED (held[0] == 0)
#endif

#define NOTHING 0
#define OURS 1
#define OTHER 2                 /* a stranger's, or a tombstone of ours */

/* --- the store, and what is on its way to it ----------------------------------------------------------------------- */
byte a;                         /* what is visible under key A */
bool b;                         /* whether the record is visible under key B */
byte held[SLOTS];               /* ticks for which a held request for A still counts; 0 = none */
byte portal;                    /* ticks for which a portal answers every look */
byte portals;

/* --- what is durable ------------------------------------------------------------------------------------------------ */
bool rotten;                    /* the staged bytes */
bool given;                     /* `void` is recorded */
bool committed;

/* --- what the process knows ----------------------------------------------------------------------------------------- */
bool looks;                     /* it looks before it sends */
bool maybe;                     /* a request may have been sent */
byte quiet;                     /* ticks since the last one may have been sent */
byte last;                      /* what the look before saw, */
bool seen;                      /* whether there was one */
byte apart;                     /* and ticks since the first look that saw the same */

byte crashes; byte i; byte saw; bool again;

inline arrives() {              /* the store executes one PUT of key A */
  skip;
  if
  :: a == NOTHING -> a = OURS; printf("  A is visible\n")
#ifndef COND
  :: a == OTHER -> a = OURS; printf("  A replaces what was there\n")
#endif
  :: else -> skip               /* 412, or the same bytes again */
  fi;
  assert(!(a == OURS && b))     /* the record is there twice */
}

inline mayBeSent() {
  maybe = true; quiet = 0; looks = true;
#ifndef STALE
  seen = false; apart = 0       /* what was seen before says nothing of what is there now */
#endif
}

inline giveUp() {
#ifdef TOMBSTONE
  if
  :: a == NOTHING -> a = OTHER; given = true; printf("A is closed by a tombstone and given up\n")
  :: else -> looks = true       /* 412: somebody is there */
  fi
#else
  given = true; printf("A is given up\n")
#endif
}

active proctype lane() {
  do
  /* it is sent; a rotten object cannot be */
  :: atomic { !committed && !given && !looks && !rotten ->
       if
       :: arrives(); if :: a == OURS -> committed = true :: else -> mayBeSent() fi
       :: arrives(); mayBeSent(); printf("landed, and the answer was lost\n")
       :: mayBeSent(); printf("lost\n")
       :: held[0] == 0 -> held[0] = LIFE; mayBeSent(); printf("held\n")
#if SLOTS > 1
       :: held[0] != 0 && held[1] == 0 -> held[1] = LIFE; mayBeSent(); printf("held as well\n")
#endif
       fi }
  :: atomic { !committed && !given && !looks && rotten ->
       if
       :: !maybe -> given = true; printf("A was never sent, and is given up\n")
       :: else -> looks = true
       fi }
  /* it is looked for */
  :: atomic { !committed && !given && looks ->
       if
       :: portal == 0 -> saw = a
       :: portal > 0 -> if :: saw = NOTHING :: saw = OTHER fi       /* whatever is there */
       fi;
       again = (seen && last == saw);
       if :: again -> skip :: else -> last = saw; seen = true; apart = 0 fi;
       if
       :: saw == OURS -> committed = true; printf("found\n")
       :: saw == OTHER -> if :: TWICE -> assert(false) :: else -> skip fi   /* somebody is accused */
       :: saw == NOTHING && !rotten -> looks = false
       :: saw == NOTHING && rotten -> if :: TWICE && QUIET -> giveUp() :: else -> skip fi
       fi;
       if
       :: saw == NOTHING && !QUIET && !EARLY -> seen = false  /* A may come after this look, and the next be a portal's */
       :: else -> skip
       fi; saw = 0; again = 0 }
  :: atomic { given && !b -> b = true; printf("B is visible\n"); assert(a != OURS) }
  /* what happens meanwhile */
  :: atomic { !rotten && !committed -> rotten = true; printf("the staged bytes rot\n") }
  :: atomic { portals < PORTALS -> portals++; portal = APART; printf("a portal\n") }
  :: atomic { crashes < CRASHES -> crashes++; printf("CRASH, restart\n"); if :: !given && !committed -> mayBeSent() :: else fi }
  :: atomic { held[0] > 0 -> held[0] = 0; if :: arrives() :: skip fi }
#if SLOTS > 1
  :: atomic { held[1] > 0 -> held[1] = 0; if :: arrives() :: skip fi }
#endif
  :: atomic { true ->                                                     /* a tick */
       i = 0;
       do
#ifndef LONG
       :: i < SLOTS -> if :: held[i] > 0 -> held[i]-- :: else fi; i++
#endif
       :: else -> break
       od; i = 0;
       if :: quiet < LIFE -> quiet++ :: else fi;
       if :: seen && apart < APART -> apart++ :: else fi;
       if :: portal > 0 -> portal-- :: else fi }
  :: atomic { (committed || b) && ARRIVED -> assert((a == OURS) != b); break }      /* once, and not lost */
  od
}
