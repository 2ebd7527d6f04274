import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * MongoDB's wire protocol over an H2 file, for a first look: acknowledged writes are in memory for about a
 * second, so it must be stopped gently (SIGTERM) and never be part of a crash test.
 */
public final class EmbeddedMongo {
    /** The driver refuses servers below wire version 9; 13 is MongoDB 5.0's, whose commands this server knows. */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    };

    private EmbeddedMongo() {}

    public static void main(String[] args) {
        H2Backend backend = new H2Backend(args[0]);
        backend.version(VERSION);
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", 0);
        InetSocketAddress address = server.getLocalAddress();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println("listening on 127.0.0.1:" + address.getPort());
    }
}
