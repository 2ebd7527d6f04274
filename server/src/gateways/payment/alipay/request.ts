import { AlipaySdk } from 'alipay-sdk';
import { privateKeyOf } from './keys.ts';
import { chinaStamp } from '../stamp.ts';

export interface SignerInit {
  /** `https://openapi.alipay.com/gateway.do`. */
  readonly gateway: string;
  readonly appId: string;
  /** PEM or bare base64, PKCS#8 or PKCS#1. */
  readonly privateKey: string;
  /** Certificate mode: our certificate and Alipay's root, PEM. Absent: public-key mode. */
  readonly certificates?: { readonly app: string; readonly root: string };
  readonly clock: { now(): number };
}

/** A signed request: all but its content stands in the address, as Alipay asks, for `charset` says how to read the rest. */
export interface SignedRequest {
  readonly url: string;
  /** `application/x-www-form-urlencoded`; empty where the call has no content. */
  readonly body: string;
}

/** What says something about a payer or a payment stays out of addresses, which others log. */
const IN_BODY = ['biz_content', 'grant_type', 'code'];

export type Content = Readonly<Record<string, string>>;

/** Signs requests with the official library. Nothing of it goes over the network: see `form-transport.ts`. */
export class Signer {
  readonly #sdk: AlipaySdk;
  readonly #gateway: string;
  readonly #clock: SignerInit['clock'];

  constructor({ gateway, appId, privateKey, certificates, clock }: SignerInit) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#sdk = new AlipaySdk({
      appId,
      // One form of key for the library, whatever the merchant has.
      privateKey: privateKeyOf(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
      keyType: 'PKCS8',
      ...(certificates === undefined
        ? {}
        : {
            appCertContent: certificates.app,
            alipayRootCertContent: certificates.root,
            // The library wants one here; whom we believe is judged in `keys.ts`.
            alipayPublicCertContent: certificates.app,
          }),
    });
  }

  /** A call to the gateway. `common`: parameters beside the content, as `notify_url`. */
  call(method: string, content: Content | undefined, common: Content = {}): SignedRequest {
    const signed = new URLSearchParams(this.#sign(method, content, common));
    const body = new URLSearchParams();
    for (const name of IN_BODY) {
      const value = signed.get(name);
      if (value === null) continue;
      body.set(name, value);
      signed.delete(name);
    }
    return { url: `${this.#gateway}?${signed.toString()}`, body: body.toString() };
  }

  /** An address that a payer's browser opens; all of it is signed. */
  page(method: string, content: Content, common: Content = {}): string {
    return `${this.#gateway}?${this.#sign(method, content, common)}`;
  }

  #sign(method: string, content: Content | undefined, common: Content): string {
    return this.#sdk.sdkExecute(
      method,
      {
        format: 'JSON',
        // The library would write the machine's own time zone; Alipay reads China's.
        timestamp: chinaStamp(this.#clock.now()),
        ...common,
        ...(content === undefined ? {} : { biz_content: content }),
      },
      { bizContentAutoSnakeCase: false },
    );
  }
}
