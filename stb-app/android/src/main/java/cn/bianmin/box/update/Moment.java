package cn.bianmin.box.update;

import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Pattern;

/** A moment as signed documents have it: UTC, in whole seconds. */
final class Moment {
    private static final long DAY_MS = 86_400_000;
    private static final Pattern SHAPE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

    private Moment() {}

    /** Milliseconds since 1970. */
    static long parse(String text) throws GeneralSecurityException {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.US);
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        format.setLenient(false);
        try {
            if (!SHAPE.matcher(text).matches()) throw new GeneralSecurityException("no moment");
            return format.parse(text).getTime();
        } catch (ParseException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Whether a document ends after it begins, and within so many days: what never ends could be withheld for ever. */
    static boolean endsWithin(long issuedMs, long expiresMs, int days) {
        long ms = expiresMs - issuedMs;
        return ms > 0 && ms <= days * DAY_MS;
    }
}
