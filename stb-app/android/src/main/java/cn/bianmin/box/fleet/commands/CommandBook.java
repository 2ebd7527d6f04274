package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.store.DurableFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** What this box was told to do, durable before anything of it is done, so that nothing is done twice. */
final class CommandBook {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    /** An id is known this much longer than its command is good, s. */
    private static final long GRACE_S = 86_400;
    private static final int MOST = 200;

    private final DurableFile file;
    /** Null until it was needed. */
    private List<Command> commands;
    private boolean blocked;

    CommandBook(DurableFile file) {
        this.file = file;
    }

    /** Sells nothing new. A book that cannot be read does not block the box. */
    synchronized boolean isBlocked() {
        try {
            load();
            return blocked;
        } catch (IOException e) {
            return false;
        }
    }

    synchronized Command get(String id) throws IOException {
        load();
        for (Command each : commands) if (each.id.equals(id)) return each;
        return null;
    }

    synchronized List<Command> in(String phase) throws IOException {
        load();
        List<Command> found = new ArrayList<>();
        for (Command each : commands) if (each.phase.equals(phase)) found.add(each);
        return found;
    }

    /** Where it throws, nothing has changed. `nowS`: the server's. */
    synchronized void take(Command command, long nowS) throws IOException {
        load();
        List<Command> next = new ArrayList<>();
        for (Command each : commands) {
            if (!each.phase.equals(Command.TOLD) || each.exp + GRACE_S > nowS) next.add(each);
        }
        if (next.size() >= MOST) next.remove(0);
        next.add(command);
        write(next, blocked);
    }

    /** The same; `blocks` in the same write, so that a state and its answer are never apart. Null: as before. */
    synchronized void move(Command to, Boolean blocks) throws IOException {
        load();
        List<Command> next = new ArrayList<>();
        for (Command each : commands) next.add(each.id.equals(to.id) ? to : each);
        write(next, blocks == null ? blocked : blocks);
    }

    private void write(List<Command> next, boolean nextBlocked) throws IOException {
        JSONArray list = new JSONArray();
        for (Command each : next) {
            JSONObject entry = Answer.put(new JSONObject(), "id", each.id);
            Answer.put(entry, "kind", each.kind);
            Answer.put(entry, "exp", each.exp);
            Answer.put(entry, "phase", each.phase);
            list.put(Answer.put(entry, "outcome", each.outcome == null ? null : each.outcome.toJson()));
        }
        JSONObject text = Answer.put(Answer.put(new JSONObject(), "blocked", nextBlocked), "commands", list);
        file.write(text.toString().getBytes(UTF_8));
        commands = next;
        blocked = nextBlocked;
    }

    private void load() throws IOException {
        if (commands != null) return;
        byte[] bytes = file.read();
        List<Command> read = new ArrayList<>();
        if (bytes != null) {
            try {
                JSONObject text = new JSONObject(new String(bytes, UTF_8));
                JSONArray list = text.getJSONArray("commands");
                for (int i = 0; i < list.length(); i++) read.add(commandOf(list.getJSONObject(i)));
                blocked = text.getBoolean("blocked");
            } catch (JSONException e) {
                // Whole or not there at all is what the file promises: another program's is not believed, and not written over.
                throw new IOException(e);
            }
        }
        commands = read;
    }

    private static Command commandOf(JSONObject entry) throws JSONException {
        JSONObject outcome = entry.optJSONObject("outcome");
        return new Command(
                entry.getString("id"),
                entry.getString("kind"),
                entry.getLong("exp"),
                entry.getString("phase"),
                outcome == null ? null : Outcome.of(outcome));
    }
}
