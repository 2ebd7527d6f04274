import { CodedError } from '@bianmin/card/errors';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { History, HomeView } from '@bianmin/purchase/api/home';

/** Households beside the purchase: those that this box keeps, and what one has bought. */
export interface Households {
  list(): Promise<HomeView[]>;
  /** The household of a purchase that was just made here. */
  remember(orderNo: string): Promise<HomeView>;
  /** Gives those that are left. */
  forget(homeId: string): Promise<HomeView[]>;
  /** Of a household that is kept, or of the card that is in (null); `before`: older than that order. */
  history(homeId: string | null, before?: string): Promise<History>;
}

export function boxHouseholds(init: {
  readonly api: Pick<ApiClient, 'homes' | 'rememberHome' | 'forgetHome' | 'history'>;
  readonly cardSession: () => string | null;
}): Households {
  const { api, cardSession } = init;
  return {
    list: () => api.homes(),
    remember: (orderNo) => api.rememberHome(orderNo),
    forget: (homeId) => api.forgetHome(homeId),
    history: async (homeId, before) => {
      const more = before === undefined ? {} : { before };
      if (homeId !== null) return api.history({ homeId, ...more });
      const session = cardSession();
      if (session !== null) return api.history({ cardSession: session, ...more });
      throw new CodedError({ code: 'card.session-expired', message: 'Put the card in again.' });
    },
  };
}
