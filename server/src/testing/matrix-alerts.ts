import { randomUUID } from 'node:crypto';
import { opened } from '../insight/alerts/board.ts';
import { openAlertStores } from '../wiring/alerts.ts';
import type { MatrixPlace } from './matrix-terminals.ts';
import type { TestWeb } from './web.ts';

/** An alert of the prefecture, a silence, and a destination for its alerts. */
export async function placeAlerts(
  { t, config }: TestWeb,
  { prefecture, path, at }: MatrixPlace,
): Promise<{ alert: string; silence: string; destination: string }> {
  const alerts = await openAlertStores({ db: t.db, config });
  const alert = opened(
    { rule: 'order.attention', subject: prefecture, orgPath: path, since: at, count: 1 },
    at,
  );
  await alerts.alerts.insert(alert);
  const inPrefecture = path.slice(0, 2);
  const [silence, destination] = [randomUUID(), randomUUID()];
  await alerts.silences.insert({
    ...{ _id: silence, rule: '*', subject: '*', reason: 'a test', orgPath: inPrefecture, from: at },
    ...{ by: { id: 'somebody', name: 'somebody' }, to: new Date(at.getTime() + 3_600_000) },
  });
  const target = { kind: 'wecom', url: 'https://127.0.0.1:1/send?key=a' } as const;
  await alerts.destinations.insert({
    ...{
      _id: destination,
      name: '值班群',
      orgPath: inPrefecture,
      kind: 'wecom',
      host: '127.0.0.1:1',
      step: 0,
    },
    ...{ severity: 'warning', enabled: true, sealed: alerts.destinations.sealed(destination, target) },
    ...{ failing: null, lastSentAt: null, version: 1 },
  });
  return { alert: alert._id, silence, destination };
}
