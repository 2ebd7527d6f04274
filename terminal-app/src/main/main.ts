import { app } from 'electron';
import { systemClock } from '@bianmin/card/node/system-clock';
import { startHost } from '../host/host.ts';
import { sentenceOf } from '../host/log.ts';
import { startKiosk } from './kiosk.ts';

startKiosk({ startHost, clock: systemClock, env: process.env }).catch((error: unknown) => {
  process.stderr.write(`The kiosk cannot start: ${sentenceOf(error)}\n`);
  app.exit(1);
});
