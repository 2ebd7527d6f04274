package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.json.JSONArray;
import org.json.JSONObject;

/** Says that this box is there, and how it is: docs/protocol/box-shell.md, "Beats". */
public final class Beats {
    private static final String PATH = "/v1/terminal/heartbeat";

    /** When to say it again. */
    static final class Next {
        final long waitMs;
        /** Beats in a row that had no answer. */
        final int missed;
        /** What came with the answer, each signed. */
        final List<String> commands;
        /** The server named the moment: no beat goes before it. */
        final boolean told;

        Next(long waitMs, int missed, boolean told) {
            this(waitMs, missed, told, Collections.<String>emptyList());
        }

        private Next(long waitMs, int missed, boolean told, List<String> commands) {
            this.waitMs = waitMs;
            this.missed = missed;
            this.told = told;
            this.commands = commands;
        }

        boolean isAnswered() {
            return missed == 0 && !told;
        }

        /** A command waits for its moment, or its answer for the server. */
        Next sooner() {
            return new Next(Math.min(waitMs, BeatWait.COMMAND_MS), missed, told, commands);
        }
    }

    private final TerminalApi api;
    private final Vitals vitals;
    private final FleetMemory memory;
    private final Blocked blocked;
    private final Random random;

    /** Whether this box was told to sell nothing. */
    public interface Blocked {
        boolean isBlocked();
    }

    public Beats(TerminalApi api, Vitals vitals, FleetMemory memory, Blocked blocked, Random random) {
        this.api = api;
        this.vitals = vitals;
        this.memory = memory;
        this.blocked = blocked;
        this.random = random;
    }

    /**
     * One beat. Blocks, fails never. Counts are kept until a beat was answered: one that was taken and whose answer got lost
     * counts twice, which a statistic bears.
     */
    Next beat(int missed) {
        Map<String, Integer> counted = memory.take();
        boolean answered = false;
        try {
            JSONObject said = Answer.put(vitals.look(), "errors", listOf(counted));
            JSONObject answer = api.post(PATH, Answer.put(said, "blocked", blocked.isBlocked()));
            answered = true;
            long nextMs = BeatWait.told(answer.optLong("nextMs", BeatWait.LONGEST_MS));
            return new Next(nextMs, 0, false, textsOf(answer.optJSONArray("commands")));
        } catch (Refused refused) {
            if (!refused.isBusy()) return silence(missed);
            return new Next(BeatWait.toldToComeAgain(refused.retryAfterMs, random.nextDouble()), 0, true);
        } catch (Failure | RuntimeException e) {
            return silence(missed);
        } finally {
            if (!answered) memory.putBack(counted);
            memory.keep();
        }
    }

    /** No answer, or one that does not say when: whom the server does not know or let in asks it seldom, too. */
    private Next silence(int missed) {
        return new Next(BeatWait.afterSilence(missed + 1, random.nextDouble()), missed + 1, false);
    }

    private static List<String> textsOf(JSONArray list) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; list != null && i < list.length(); i++) texts.add(list.optString(i));
        return texts;
    }

    private static JSONArray listOf(Map<String, Integer> counted) {
        JSONArray list = new JSONArray();
        for (Map.Entry<String, Integer> each : counted.entrySet()) {
            JSONObject fault = Answer.put(new JSONObject(), "code", each.getKey());
            list.put(Answer.put(fault, "count", each.getValue()));
        }
        return list;
    }
}
