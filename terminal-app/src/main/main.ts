import { app } from 'electron';
import { systemClock } from '@bianmin/card/node/system-clock';
import { startHost } from '../host/host.ts';
import { begin } from '../host/support/begin.ts';
import { startKiosk } from './kiosk.ts';

const kiosk = (): Promise<unknown> => startKiosk({ startHost, clock: systemClock, env: process.env });
begin(kiosk, { dataDir: () => app.getPath('userData'), exit: (code) => void app.exit(code) });
