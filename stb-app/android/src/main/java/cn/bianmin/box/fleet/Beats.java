package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
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
        /** The server named the moment: nobody comes before it. */
        final boolean told;

        Next(long waitMs, int missed, boolean told) {
            this.waitMs = waitMs;
            this.missed = missed;
            this.told = told;
        }
    }

    private final TerminalApi api;
    private final Vitals vitals;
    private final FleetMemory memory;
    private final Random random;

    public Beats(TerminalApi api, Vitals vitals, FleetMemory memory, Random random) {
        this.api = api;
        this.vitals = vitals;
        this.memory = memory;
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
            JSONObject answer = api.post(PATH, Answer.put(vitals.look(), "errors", listOf(counted)));
            answered = true;
            return new Next(BeatWait.told(answer.optLong("nextMs", BeatWait.LONGEST_MS)), 0, false);
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

    private static JSONArray listOf(Map<String, Integer> counted) {
        JSONArray list = new JSONArray();
        for (Map.Entry<String, Integer> each : counted.entrySet()) {
            JSONObject fault = Answer.put(new JSONObject(), "code", each.getKey());
            list.put(Answer.put(fault, "count", each.getValue()));
        }
        return list;
    }
}
