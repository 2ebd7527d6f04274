package cn.bianmin.box;

/** Where the one page of the app sits: readers, journal and launch have one user. Main thread. */
final class Seat {
    /** Whoever has a page. */
    interface Occupant {
        /** Lets its page go now and ends; another one has come. May be told twice. */
        void evicted();
    }

    private Occupant now;

    void take(Occupant next) {
        Occupant before = now;
        now = next;
        if (before != null && before != next) before.evicted();
    }

    void leave(Occupant one) {
        if (now == one) now = null;
    }
}
