import process from 'node:process';

/** For HEALTHCHECK: web answers /readyz, worker its measurements. Ends with 1 where it does not. */
const { PORT = '8080', METRICS_PORT } = process.env;
const url =
  METRICS_PORT === undefined ? `http://127.0.0.1:${PORT}/readyz` : `http://127.0.0.1:${METRICS_PORT}/metrics`;
const ok = await fetch(url, { signal: AbortSignal.timeout(4000) }).then(
  (answer) => answer.ok,
  () => false,
);
process.exit(ok ? 0 : 1);
