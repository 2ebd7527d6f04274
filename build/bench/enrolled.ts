import { join } from 'node:path';
import { axiosCall } from '@bianmin/shared/api/axios-call';
import { ApiClient } from '@bianmin/shared/api/client';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { loadOrCreateIdentity, type HostIdentity } from '../../terminal-app/src/host/identity.ts';
import type { Operator } from '../journey/operator.ts';
import { adapterAt, addressOf } from './terminal-line.ts';

/** A terminal that the server has accepted: its keys, its client, and the address that it calls from. */
export interface Enrolled {
  readonly identity: HostIdentity;
  readonly client: ApiClient;
  readonly address: string;
}

/** Makes its keys under `dir` and has it accepted by a code of the operator's. */
export async function enrolTerminal(init: {
  index: number;
  dir: string;
  webUrl: string;
  operator: Operator;
}): Promise<Enrolled> {
  const name = `bench-${init.index}`;
  const address = addressOf(init.index);
  const identity = await loadOrCreateIdentity(join(init.dir, name));
  const client = new ApiClient({
    baseUrl: init.webUrl,
    identity,
    clock: systemClock,
    http: axiosCall(adapterAt(address)),
  });
  const code = await init.operator.enrolCode();
  const { status } = await client.enrol((at) =>
    identity.signEnrolment({ kind: 'kiosk', name, version: '0', code }, at),
  );
  if (status !== 'accepted') throw new Error(`Terminal ${name} was not accepted: ${status}.`);
  return { identity, client, address };
}
