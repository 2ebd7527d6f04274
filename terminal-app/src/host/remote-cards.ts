import { CompactEncrypt, importJWK } from 'jose';
import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { Journal } from '@bianmin/card/meter-card/journal';
import type { Recognise } from '@bianmin/card/meter-card/layout';
import type { RemoteCardApi, Seal, SlotLender } from '@bianmin/purchase/remote-card/ports';
import { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';

export interface RemoteCardsInit {
  readonly api: RemoteCardApi;
  readonly lender: SlotLender;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly recognise: Recognise;
  readonly unseal: (jwe: string) => Promise<string>;
  readonly onView: (view: RemoteCardView) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** This terminal's side of remote card sessions. A server that is away is told of once, not at every question. */
export function remoteCards(init: RemoteCardsInit): RemoteCardTerminal {
  let told: string | undefined;
  const { api } = init;
  return new RemoteCardTerminal({
    ...init,
    api: {
      ...api,
      cardSession: async (id) => {
        const session = await api.cardSession(id);
        told = undefined;
        return session;
      },
    },
    seal: sealTo,
    onFault: (where, error) => {
      const code = codeOf(error) ?? 'unexpected';
      if (code !== told) init.onFault(where, error);
      told = code;
    },
  });
}

const sealTo: Seal = async (clear, key) =>
  new CompactEncrypt(new TextEncoder().encode(clear))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK(key, 'ECDH-ES'));
