import type { PayerIdentity } from '../contract.ts';
import type { Client } from './client.ts';
import { tokenAnswer } from './wire.ts';

/** Who the payer is at Alipay: the silent consent, which gives a number and nothing else about them. */
export function payerIdentity(init: {
  readonly client: Client;
  readonly appId: string;
  /** `https://openauth.alipay.com/oauth2/publicAppAuthorize.htm`. */
  readonly consentUrl: string;
}): PayerIdentity {
  return {
    consentUrl(redirectUrl, state) {
      const url = new URL(init.consentUrl);
      url.searchParams.set('app_id', init.appId);
      url.searchParams.set('scope', 'auth_base');
      url.searchParams.set('redirect_uri', redirectUrl);
      url.searchParams.set('state', state);
      return url.href;
    },
    payerOf: (authCode) =>
      init.client.ask({
        operation: 'payer',
        method: 'alipay.system.oauth.token',
        answer: tokenAnswer,
        common: { grant_type: 'authorization_code', code: authCode },
      }),
  };
}
