import type { AddressInfo } from 'node:net';
import process from 'node:process';
import Koa from 'koa';

/** The limit to compare with: Koa that answers with JSON and does nothing else. */
const app = new Koa();
app.use((ctx) => {
  ctx.body = { nextMs: 60_000 };
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`koa ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
