import { recogniseBuiltIn } from '@bianmin/card/meter-card/built-in-layouts';
import type { Recognise } from '@bianmin/card/meter-card/layout';
import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openCcidReader, type CcidReader } from '@bianmin/card/reader/ccid-reader';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import type { RemoteCardApi, Seal, SlotLender } from '@bianmin/purchase/remote-card/ports';
import { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';
import { TestTerminal } from './terminal.ts';

export const sealWithJose: Seal = async (clear, key) =>
  new CompactEncrypt(new TextEncoder().encode(clear))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK(key, 'ECDH-ES'));

/** Opens with a test terminal's key. */
async function unsealFor(terminal: TestTerminal, jwe: string): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, terminal.seal.privateKey);
  return new TextDecoder().decode(plaintext);
}

/** A kiosk of the tests: a simulated reader under the real driver, and the terminal's side of remote sessions. */
export interface RemoteKiosk {
  readonly terminal: TestTerminal;
  readonly api: ApiClient;
  readonly reader: SimulatedReader;
  readonly opened: CcidReader;
  readonly journal: MemoryJournal;
  readonly views: RemoteCardView[];
  readonly faults: unknown[];
  /** Set: every call to the server fails before it arrives, or after it was answered. */
  cut: 'before' | 'after' | undefined;
  lends: boolean;
  readonly recognise: Recognise;
  remote: RemoteCardTerminal;
  /** The program again, without what it knew. */
  restart(): Promise<void>;
}

/** Enrols a kiosk at the server; `code`: accepts it at once. */
export async function openRemoteKiosk(
  url: string,
  code: string,
  recognise: Recognise = recogniseBuiltIn,
): Promise<RemoteKiosk> {
  const terminal = await TestTerminal.create(systemClock);
  const api = new ApiClient({
    baseUrl: url,
    clock: systemClock,
    http: axiosCall(),
    identity: {
      terminalId: terminal.id,
      signAssertion: () => terminal.assertion(),
      proof: (request) => terminal.proof(request),
    },
  });
  await api.enrol(() => terminal.enrolment({ code }));
  const reader = new SimulatedReader({ clock: systemClock, id: terminal.id });
  const opened = openCcidReader(reader.attach(), systemClock);
  const kiosk: RemoteKiosk = {
    terminal,
    api,
    reader,
    opened,
    journal: new MemoryJournal(),
    views: [],
    faults: [],
    cut: undefined,
    lends: true,
    recognise,
    remote: undefined as unknown as RemoteCardTerminal,
    async restart() {
      await kiosk.remote.stop();
      kiosk.remote = remoteOf(kiosk);
      kiosk.remote.start();
    },
  };
  kiosk.remote = remoteOf(kiosk);
  kiosk.remote.start();
  return kiosk;
}

function remoteOf(kiosk: RemoteKiosk): RemoteCardTerminal {
  return new RemoteCardTerminal({
    recognise: kiosk.recognise,
    api: cuttable(kiosk),
    lender: lenderOf(kiosk),
    journal: kiosk.journal,
    clock: systemClock,
    unseal: (jwe) => unsealFor(kiosk.terminal, jwe),
    seal: sealWithJose,
    onView: (view) => kiosk.views.push(view),
    onFault: (_where, error) => kiosk.faults.push(error),
  });
}

function lenderOf(kiosk: RemoteKiosk): SlotLender {
  let lent = false;
  return {
    lend: () => (lent = kiosk.lends),
    giveBack: () => {
      lent = false;
    },
    slots: () => (lent ? kiosk.opened.slots : []),
  };
}

function cuttable(kiosk: RemoteKiosk): RemoteCardApi {
  const over = async <T>(call: () => Promise<T>): Promise<T> => {
    if (kiosk.cut === 'before') throw new Error('cut before');
    const answer = await call();
    if (kiosk.cut === 'after') throw new Error('cut after');
    return answer;
  };
  const { api } = kiosk;
  return {
    cardSession: (id) => over(() => api.cardSession(id)),
    consent: (id, yes) => over(() => api.consent(id, yes)),
    stepResult: (id, result) => over(() => api.stepResult(id, result)),
    endCardSession: (id, end) => over(() => api.endCardSession(id, end)),
  };
}
