import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node on the loopback, with its files in the folder that is given; ends with SIGTERM. */
public final class LogNode {
  public static void main(String[] args) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        runner.close();
      } catch (Exception error) {
        error.printStackTrace();
      }
    }));
    runner.onBuild((number, settings) -> {
      settings.put("http.host", "127.0.0.1");
      settings.put("transport.host", "127.0.0.1");
      settings.put("http.port", "0");
      settings.put("transport.port", "0");
    });
    runner.build(newConfigs().clusterName("bianmin-logs").basePath(args[0]).numOfNode(1).useLogger());
    int port = runner.node().injector()
        .getInstance(org.opensearch.http.HttpServerTransport.class)
        .boundAddress().publishAddress().getPort();
    System.out.println("listening on 127.0.0.1:" + port);
    Thread.currentThread().join();
  }
}
