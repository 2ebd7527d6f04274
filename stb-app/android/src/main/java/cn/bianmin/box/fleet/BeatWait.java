package cn.bianmin.box.fleet;

/** How long a box waits with its next beat, ms, where no answer says it: a fleet that lost its server must not come back in step. */
final class BeatWait {
    /** After the app was opened, and after a beat that had no answer: between this and the longest, at random. */
    static final long FIRST_MS = 60_000;
    static final long LONGEST_MS = 3_600_000;
    /** While a command waits for its moment. */
    static final long COMMAND_MS = 300_000;
    /** What the server says is kept within these: a box is neither to hammer nor to fall silent by a wrong number. */
    private static final long LEAST_MS = 1_000;
    private static final long MOST_MS = 7 * 86_400_000L;
    /** Come again then, says the server to the whole second: within it, each at a moment of its own. */
    private static final long WITHIN_MS = 1_000;

    private BeatWait() {}

    /** `missed`: beats in a row that had no answer. `random`: 0 to 1. */
    static long afterSilence(int missed, double random) {
        long longest = FIRST_MS << Math.min(16, Math.max(0, missed - 1));
        return FIRST_MS + (long) (Math.min(LONGEST_MS, longest) * random);
    }

    static long told(long nextMs) {
        return Math.max(LEAST_MS, Math.min(MOST_MS, nextMs));
    }

    static long toldToComeAgain(long retryAfterMs, double random) {
        return told(retryAfterMs) + (long) (WITHIN_MS * random);
    }

    /** Before the first of a page: after its start, and not with everybody else's. */
    static long soon(double random) {
        return (long) (FIRST_MS * random);
    }
}
