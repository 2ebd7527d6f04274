import { join } from 'node:path';
import { systemClock } from '@bianmin/card/node/system-clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { loadOrCreateIdentity, type HostIdentity } from '../../../terminal-app/src/host/identity.ts';
import type { Operator } from '../../run/dev/operator.ts';
import { persisting } from './persisting.ts';
import { addressOf, lineAt, type TerminalLine } from './terminal-line.ts';
import type { Connect } from '../../../terminal-app/src/host/order-stream.ts';

/** A terminal that the server has accepted: its keys, its client, and the address that it calls from. */
export interface Enrolled {
  readonly identity: HostIdentity;
  readonly client: ApiClient;
  readonly address: string;
  /** Opens its stream of orders. */
  readonly connect: Connect;
}

/** Makes its keys under `dir` and has it accepted by a code of the operator's. */
export async function enrolTerminal(init: {
  index: number;
  dir: string;
  webUrl: string;
  operator: Operator;
  /** Absent: one that gives the terminal an address of its own where the server believes it. */
  line?: TerminalLine;
}): Promise<Enrolled> {
  const name = `bench-${init.index}`;
  const address = addressOf(init.index);
  const { adapter, connect } = init.line ?? lineAt(address);
  const identity = await loadOrCreateIdentity(join(init.dir, name));
  const client = new ApiClient({
    baseUrl: init.webUrl,
    identity,
    clock: systemClock,
    http: axiosCall(adapter, (ms) => AbortSignal.timeout(ms)),
  });
  const code = await init.operator.enrolCode();
  const signed = (at: number): Promise<string> =>
    identity.signEnrolment({ kind: 'kiosk', name, version: '0', code }, at);
  // As a terminal does: a server that has just been started, on a busy machine, may say that it was not through in time.
  const { status } = await persisting(() => client.enrol(signed));
  if (status !== 'accepted') throw new Error(`Terminal ${name} was not accepted: ${status}.`);
  return { identity, client, address, connect };
}
