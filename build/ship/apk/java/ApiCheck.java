import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;

/**
 * Whether compiled classes use only what an Android version has: {@code ApiCheck SIGNATURE CLASSES GUARDED…}. Guarded
 * classes are those that are loaded on later versions only; one that would pass unguarded is an error, too.
 */
public final class ApiCheck {
    private ApiCheck() {}

    public static void main(String[] args) throws Exception {
        Path classes = Path.of(args[1]);
        Set<String> guarded = new HashSet<>(Arrays.asList(args).subList(2, args.length));
        List<Path> checked = new ArrayList<>();
        List<Path> skipped = new ArrayList<>();
        Set<String> own = new HashSet<>();
        List<Path> files;
        try (var walk = Files.walk(classes)) {
            files = walk.filter(path -> path.toString().endsWith(".class")).sorted().toList();
        }
        for (Path file : files) {
            String path = classes.relativize(file).toString();
            String name = path.substring(0, path.length() - ".class".length()).replace(File.separatorChar, '.');
            own.add(name);
            (guarded.contains(name) ? skipped : checked).add(file);
        }
        if (!uses(args[0], own, checked)) System.exit(1);
        if (skipped.size() != guarded.size()) fail("A guarded class is not there.");
        for (Path file : skipped) {
            if (usesQuietly(args[0], own, file)) fail(file + " needs no guard.");
        }
        System.out.println(checked.size() + " classes, " + skipped.size() + " guarded");
    }

    private static boolean uses(String signature, Set<String> own, List<Path> files) throws Exception {
        try (InputStream in = new FileInputStream(signature)) {
            SignatureChecker checker = new SignatureChecker(in, own, new PrintWriterLogger(System.out));
            checker.setSourcePath(List.of());
            for (Path file : files) checker.process(file.toFile());
            return !checker.isSignatureBroken();
        }
    }

    private static boolean usesQuietly(String signature, Set<String> own, Path file) throws Exception {
        try (InputStream in = new FileInputStream(signature)) {
            PrintWriterLogger nowhere = new PrintWriterLogger(new PrintStream(OutputStream.nullOutputStream()));
            SignatureChecker checker = new SignatureChecker(in, own, nowhere);
            checker.setSourcePath(List.of());
            checker.process(file.toFile());
            return !checker.isSignatureBroken();
        }
    }

    private static void fail(String why) {
        System.out.println(why);
        System.exit(1);
    }
}
