import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { BEAT_PATH } from '@bianmin/purchase/api/beat-key';
import { ApiClient } from '@bianmin/purchase/api/client';
import { adminCommand, adminCommands } from '@bianmin/purchase/api/command';
import { reportSent, type Diagnostics } from '@bianmin/purchase/api/diagnostics';
import { heartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import { loadOrCreateIdentity } from '../../../terminal-app/src/host/identity.ts';
import { readZip } from '../../kit/zip.ts';
import type { Operator } from '../../run/dev/operator.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';

/** How long a terminal may take to answer, in seconds. */
const PATIENCE_S = 120;

/** The console's way to the support archives of a stack. */
export class Archives {
  readonly #stack: Pick<Stack, 'urls'>;
  readonly #operator: Operator;

  constructor(stack: Pick<Stack, 'urls'>, operator: Operator) {
    this.#stack = stack;
    this.#operator = operator;
  }

  /** As it is sent: every file's text, by its name. */
  async fetched(path: string): Promise<string> {
    const answer = await fetch(`${this.#stack.urls.webUrl}${path}`, {
      headers: { authorization: `Bearer ${await this.#operator.confirmed()}` },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${bytes.toString()}`);
    return textOf(bytes);
  }

  /** Asked of a terminal, waited for and fetched. `does`: the terminal's part, where nobody else does it. */
  async ofTerminal(terminalId: string, does?: (id: string) => Promise<void>): Promise<string> {
    const path = `/v1/admin/terminals/${terminalId}/commands`;
    const body = { key: randomUUID(), kind: 'support-archive', reason: 'a test of archives' };
    const { id } = await this.#operator.call({ path, method: 'POST', body }, adminCommand);
    await does?.(id);
    for (let tries = 0; tries < PATIENCE_S; tries += 1) {
      const { commands } = await this.#operator.call({ path }, adminCommands);
      if (commands.find((each) => each.id === id)?.archiveUntil != null) break;
      await sleep(1_000);
    }
    return this.fetched(`/v1/admin/commands/${id}/archive`);
  }

  /** Of a box whose shell lets each of these pass, in every text that a report has. */
  async ofBox(dir: string, secrets: Readonly<Record<string, string>>): Promise<string> {
    const identity = await loadOrCreateIdentity(join(dir, 'box'));
    const client = new ApiClient({
      ...{ baseUrl: this.#stack.urls.webUrl, identity, clock: systemClock, http: axiosCall() },
    });
    const code = await this.#operator.enrolCode();
    await client.enrol((at) =>
      identity.signEnrolment({ kind: 'box', name: 'planted', version: '1.0.0', code }, at),
    );
    return this.ofTerminal(identity.terminalId, async (id) => {
      await client.post(BEAT_PATH, heartbeatAnswer, { version: '1.0.0', readers: [] });
      const report = reportOf(identity, Object.values(secrets));
      const { reportNo } = await client.post('/v1/terminal/diagnostics', reportSent, report);
      await client.post(`/v1/terminal/commands/${id}/result`, z.unknown(), { outcome: 'done', reportNo });
    });
  }
}

/** Of every file in an archive, by a reader of ZIPs that is not the packer's. */
export function textOf(zip: Uint8Array): string {
  return [...readZip(Buffer.from(zip))].map(([name, { bytes }]) => `${name}\n${bytes.toString()}`).join('\n');
}

function reportOf(
  { terminalId, fingerprint }: { readonly terminalId: string; readonly fingerprint: string },
  secrets: readonly string[],
): Diagnostics {
  const at = new Date().toISOString();
  const label = (n: number): string => secrets.filter(({ length }) => length <= 60)[n] ?? '';
  return {
    ...{ at, terminalId, fingerprint, uptimeS: 1 },
    versions: {
      ...{ app: `1.0.0 ${label(0)}`, node: null, electron: label(1), chromium: label(2) },
      system: `TV ${label(3)}`,
    },
    readers: [4, 5, 6, 7].map((n) => ({ name: label(n), card: 'in', lastChip: label(n + 4) })),
    server: { link: 'online', lastAnswerAt: at, roundTripMs: 1, skewMs: 0 },
    ...{ disk: null, journal: null, screen: { name: label(12), problem: label(13) } },
    faults: secrets.slice(0, 30).map((secret) => ({
      ...{ at, where: `shell ${secret.slice(0, 58)}`, code: secret.slice(0, 64), times: 1 },
      sentence: `it said ${secret}, and ended`.slice(0, 300),
    })),
  };
}
