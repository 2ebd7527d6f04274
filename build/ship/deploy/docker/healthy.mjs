import process from 'node:process';

/** For HEALTHCHECK: web answers /readyz, `worker` its measurements. Ends with 1 where it does not. */
const { PORT = '8080', METRICS_HOST = '127.0.0.1', METRICS_PORT = '9090' } = process.env;
const url =
  process.argv[2] === 'worker'
    ? `http://${METRICS_HOST}:${METRICS_PORT}/metrics`
    : `http://127.0.0.1:${PORT}/readyz`;
const ok = await fetch(url, { signal: AbortSignal.timeout(4000) }).then(
  (answer) => answer.ok,
  () => false,
);
process.exit(ok ? 0 : 1);
