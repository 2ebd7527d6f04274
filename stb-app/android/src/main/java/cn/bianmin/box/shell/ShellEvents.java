package cn.bianmin.box.shell;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Page;
import org.json.JSONObject;

/** What happens by itself, told to the page. Any thread. */
public final class ShellEvents {
    private final Page page;

    public ShellEvents(Page page) {
        this.page = page;
    }

    public void network(boolean online) {
        send(Answer.put(named("network"), "online", online));
    }

    public void launch() {
        send(named("launch"));
    }

    public void pause() {
        send(named("pause"));
    }

    public void resume() {
        send(named("resume"));
    }

    public void back() {
        send(named("back"));
    }

    public void memory() {
        send(named("memory"));
    }

    private void send(JSONObject event) {
        page.call(ShellOperations.PAGE_OBJECT, "event", event.toString());
    }

    private static JSONObject named(String name) {
        return Answer.put(new JSONObject(), "name", name);
    }
}
