import type { System } from '@bianmin/card/cli/doctor/system';
import type { Clock } from '@bianmin/card/clock';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { terminalSupport, type TerminalSupport } from '@bianmin/purchase/api/support';
import { cleanSupport } from '@bianmin/purchase/node/support/clean';
import { lookAtLine } from '@bianmin/purchase/node/support/line';
import { settingsOf } from '@bianmin/purchase/node/support/settings';
import { systemFacts } from '@bianmin/purchase/node/support/system';
import type { HostEnvironment } from '../env.ts';
import { HOST_VERSION } from '../version.ts';
import { supportJournal } from './journal.ts';
import type { LastSeen } from './last-seen.ts';
import { supportReaders } from './readers.ts';

export interface CollectInit {
  readonly env: HostEnvironment;
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'list'>;
  /** Where readers are looked for. */
  readonly system: System;
  /** The running host's own word, or its last one. */
  readonly seen: LastSeen | undefined;
}

/** All that helps to find a kiosk's fault. Made of what is named here and nothing else, and held to the schema: it leaves the machine. */
export async function collectSupport(init: CollectInit): Promise<TerminalSupport> {
  const { env, clock, seen } = init;
  const secrets = secretsOf(env);
  const [system, readers, journal, line] = await Promise.all([
    systemFacts(env.BIANMIN_DATA_DIR, { tries: true }),
    supportReaders(init.system),
    supportJournal(init.journal, clock.now()),
    lookAtLine({
      ...{ to: 'server', url: env.BIANMIN_SERVER_URL, path: '/healthz' },
      ...{ now: () => clock.now(), monotonic: () => clock.monotonic() },
    }),
  ]);
  const parts = terminalSupport.parse({
    ...{ kind: 'kiosk', at: new Date(clock.now()).toISOString(), version: HOST_VERSION },
    ...{ machine: seen?.machine ?? null, log: seen?.log ?? [] },
    ...{ system, readers, journal, lines: [line], settings: settingsOf(env, secrets) },
  });
  return cleanSupport(parts, secrets);
}

/** What no line may say, in whatever field it comes. */
export function secretsOf({
  BIANMIN_ENROL_CODE,
}: Pick<HostEnvironment, 'BIANMIN_ENROL_CODE'>): readonly string[] {
  return BIANMIN_ENROL_CODE === undefined ? [] : [BIANMIN_ENROL_CODE];
}
