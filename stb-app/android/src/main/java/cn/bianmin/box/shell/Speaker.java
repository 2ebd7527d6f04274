package cn.bianmin.box.shell;

import android.content.Context;
import android.speech.tts.TextToSpeech;
import cn.bianmin.box.bridge.Failure;
import java.util.Locale;

/** The system's voice, where the box has one. */
public final class Speaker implements TextToSpeech.OnInitListener {
    private static final int MOST_CHARACTERS = 500;

    private final Context context;
    /** Null until something is to be said: an engine takes memory. */
    private TextToSpeech engine;
    private boolean ready;
    private boolean broken;
    private String waitingText;
    private Locale waitingLanguage;

    public Speaker(Context context) {
        this.context = context;
    }

    /** In place of what is being said. `language`: as in BCP 47. Fails with `shell.io` where there is no voice for it. */
    public synchronized void speak(String text, String language) throws Failure {
        if (text.length() > MOST_CHARACTERS) throw new Failure(ShellCodes.BAD_REQUEST);
        if (broken) throw new Failure(ShellCodes.IO);
        Locale locale = Locale.forLanguageTag(language);
        if (ready) {
            say(text, locale);
            return;
        }
        waitingText = text;
        waitingLanguage = locale;
        if (engine == null) engine = new TextToSpeech(context, this);
    }

    @Override
    public synchronized void onInit(int status) {
        broken = status != TextToSpeech.SUCCESS;
        ready = !broken;
        if (!ready || waitingText == null) return;
        try {
            say(waitingText, waitingLanguage);
        } catch (Failure e) {
            // The page has its answer already, and hears of it at the next sentence.
        }
        waitingText = null;
    }

    public synchronized void close() {
        if (engine != null) engine.shutdown();
        engine = null;
        ready = false;
        broken = false;
        waitingText = null;
    }

    private void say(String text, Locale language) throws Failure {
        if (engine.setLanguage(language) < TextToSpeech.LANG_AVAILABLE) throw new Failure(ShellCodes.IO);
        engine.speak(text, TextToSpeech.QUEUE_FLUSH, null, "bianmin");
    }
}
