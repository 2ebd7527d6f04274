package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.fleet.Refused;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.time.TrustedTime;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Does what this box is told: noted before it is done, once, in its own moment and within its time, and answered until the
 * server has heard. After a crash nothing is done again: what had begun is answered as it is known.
 */
public final class CommandDesk {
    /** What is left to be done by the caller. */
    public enum Left {
        NOTHING,
        /** Something waits for its moment, or an answer for the server: come again soon. */
        WAITS,
        /** The process is to end now; its next start answers. */
        RESTART
    }

    private static final String RESTART = "restart";

    private final CommandTrust trust;
    private final CommandBook book;
    private final Deeds deeds;
    private final TerminalApi api;
    private final FleetMemory memory;
    private final TrustedTime time;
    private boolean started;

    CommandDesk(
            CommandTrust trust, CommandBook book, Deeds deeds, TerminalApi api, FleetMemory memory, TrustedTime time) {
        this.trust = trust;
        this.book = book;
        this.deeds = deeds;
        this.api = api;
        this.memory = memory;
        this.time = time;
    }

    /** What came with a beat's answer, each signed; notes it, does what may be done, and answers. Blocks; never fails. */
    public synchronized Left take(List<String> signed) {
        try {
            start();
            for (String jws : signed) note(jws);
            for (Command each : book.in(Command.TAKEN)) carryOut(each);
            tell();
            for (Command each : book.in(Command.ACTING)) if (RESTART.equals(each.kind)) return Left.RESTART;
            boolean rest = !book.in(Command.TAKEN).isEmpty() || !book.in(Command.ANSWERED).isEmpty();
            return rest ? Left.WAITS : Left.NOTHING;
        } catch (IOException | Failure e) {
            // What could not be noted was not done, and comes again.
            memory.fault("command.not-noted");
            return Left.WAITS;
        }
    }

    /** Whether anything waits for a moment that may have come. */
    public synchronized boolean waits() {
        try {
            return !book.in(Command.TAKEN).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** The page was opened in the last moment: the restart waits again. */
    public synchronized void notNow() {
        try {
            for (Command each : book.in(Command.ACTING)) {
                if (RESTART.equals(each.kind)) book.move(each.moved(Command.TAKEN, null), null);
            }
        } catch (IOException e) {
            memory.fault("command.not-noted");
        }
    }

    private void start() throws IOException {
        if (started) return;
        for (Command each : book.in(Command.ACTING)) {
            // That this process has started is what a restart was for; what else had begun was interrupted.
            boolean done = RESTART.equals(each.kind);
            answer(each, done ? Outcome.DONE : Outcome.failed("command.interrupted"), null);
        }
        started = true;
    }

    private void note(String jws) throws IOException, Failure {
        PublicKeys keys = api.keys();
        if (keys == null) return;
        Command command;
        try {
            command = trust.open(jws, keys.terminalId());
        } catch (GeneralSecurityException e) {
            memory.fault("command.bad-signature");
            return;
        }
        Command known = book.get(command.id);
        if (known == null) book.take(command, nowS());
        // Told before, and asked again: that answer got lost, or the server's memory of it.
        else if (known.phase.equals(Command.TOLD)) answer(known, known.outcome, null);
    }

    private void carryOut(Command command) throws IOException {
        if (nowS() >= command.exp) {
            answer(command, Outcome.failed("command.expired"), null);
            return;
        }
        switch (command.kind) {
            case RESTART:
                // Stays begun: the next start answers.
                if (deeds.isQuiet()) book.move(command.moved(Command.ACTING, null), null);
                return;
            case "reload-content":
                if (!deeds.isQuiet()) return;
                deeds.dropPage();
                answer(command, Outcome.DONE, null);
                return;
            case "run-diagnostics":
            // The server makes one of the report.
            case "support-archive":
                book.move(command.moved(Command.ACTING, null), null);
                answer(command, report(), null);
                return;
            case "block":
                answer(command, Outcome.DONE, true);
                return;
            case "unblock":
                answer(command, Outcome.DONE, false);
                return;
            default:
                answer(command, Outcome.refused("command.unsupported"), null);
        }
    }

    private Outcome report() {
        try {
            return Outcome.reported(deeds.report());
        } catch (Failure failure) {
            return Outcome.failed(failure.code);
        } catch (Refused refused) {
            return Outcome.failed(refused.code.isEmpty() ? "command.failed" : refused.code);
        }
    }

    private void answer(Command command, Outcome outcome, Boolean blocks) throws IOException {
        book.move(command.moved(Command.ANSWERED, outcome), blocks);
    }

    private void tell() throws IOException {
        for (Command each : book.in(Command.ANSWERED)) {
            try {
                api.post("/v1/terminal/commands/" + each.id + "/result", each.outcome.toJson());
            } catch (Failure failure) {
                return;
            } catch (Refused refused) {
                // The server knows no such command and awaits no answer. Anything else is tried with the next beat.
                if (refused.status != 404 && refused.status != 400) return;
            }
            book.move(each.moved(Command.TOLD, each.outcome), null);
        }
    }

    private long nowS() {
        return time.epochMs() / 1000;
    }
}
