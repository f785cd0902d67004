package io.delivery.lane;

/**
 * What a lane does at present.
 *
 * <pre>
 * RECOVERING ──► READING ──► ENDED
 *                 ▲   │
 *                 │   ▼
 *                PAUSED
 *
 * any of these ──► HALTED ──► STOPPED
 * </pre>
 */
enum Phase {
    /** What an earlier process began is being taken over. */
    RECOVERING,
    /** It reads its log, and seals ranges when they are due. */
    READING,
    /** What was read is of no use, or was lost: it is read again after a moment. */
    PAUSED,
    /** The lane was switched off, and everything that it had to read is committed. */
    ENDED,
    /** It cannot go on; nothing is deleted, and an operator must look. */
    HALTED,
    /** The stream stops; what is not recorded will be read again. */
    STOPPED
}
