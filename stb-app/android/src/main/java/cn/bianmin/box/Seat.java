package cn.bianmin.box;

/** Where the one page of the app sits: readers, journal and launch have one user. Main thread. */
final class Seat {
    /** The part of the app that has the page. */
    interface Occupant {
        /** Lets its page go now and ends; another one has come. May be told twice. */
        void evicted();
    }

    /** Read by commands on threads of their own. */
    private volatile Occupant now;
    private volatile boolean resting;

    /** Empty, or its page is not seen and has let its readers go: a purchase is nowhere under way. Any thread. */
    boolean isQuiet() {
        return now == null || resting;
    }

    /** In a word for a report. Any thread. */
    String screen() {
        if (now == null) return "none";
        return resting ? "unseen" : "open";
    }

    /** It is not seen, or is seen again. */
    void rest(Occupant one, boolean rests) {
        if (now == one) resting = rests;
    }

    /** Whether it is empty afterwards. */
    boolean clearIfQuiet() {
        if (!isQuiet()) return false;
        if (now != null) now.evicted();
        return true;
    }

    void take(Occupant next) {
        Occupant before = now;
        now = next;
        resting = false;
        if (before != null && before != next) before.evicted();
    }

    void leave(Occupant one) {
        if (now != one) return;
        now = null;
        resting = false;
    }
}
