package cn.bianmin.box.fleet.commands;

/** What this box was told to do, and how far that is. */
final class Command {
    /** Waits for its moment. */
    static final String TAKEN = "taken";
    /** Begun: after a crash it is not known how far. */
    static final String ACTING = "acting";
    /** Not told yet. */
    static final String ANSWERED = "answered";
    /** The server knows. */
    static final String TOLD = "told";

    final String id;
    final String kind;
    /** Seconds since 1970, the server's. */
    final long exp;
    final String phase;
    /** Null before it is answered. */
    final Outcome outcome;

    Command(String id, String kind, long exp, String phase, Outcome outcome) {
        this.id = id;
        this.kind = kind;
        this.exp = exp;
        this.phase = phase;
        this.outcome = outcome;
    }

    Command moved(String to, Outcome what) {
        return new Command(id, kind, exp, to, what);
    }
}
