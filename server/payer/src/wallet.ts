import type { PayHandle } from '@bianmin/purchase/api/pay-page';

interface WeixinBridge {
  invoke(
    name: 'getBrandWCPayRequest',
    parameters: Readonly<Record<string, string>>,
    then: (result: { err_msg?: string }) => void,
  ): void;
}

interface AlipayBridge {
  call(
    name: 'tradePay',
    parameters: Readonly<Record<string, string>>,
    then: (result: { resultCode?: string }) => void,
  ): void;
}

declare global {
  interface Window {
    WeixinJSBridge?: WeixinBridge;
    AlipayJSBridge?: AlipayBridge;
  }
}

/**
 * Hands over to the wallet. What it calls back with is not proof of anything and is not looked at but for one thing:
 * that the payer came back. Resolves then; never where the page is left.
 */
export function handOver(handle: PayHandle): Promise<void> {
  switch (handle.kind) {
    case 'redirect':
      location.href = handle.url;
      return new Promise(() => undefined);
    case 'code':
      location.href = handle.codeUrl;
      return new Promise(() => undefined);
    case 'invoke':
      return IN_WALLET[handle.method](handle.parameters);
  }
}

/** How a page inside a wallet calls it. */
const IN_WALLET: Readonly<
  Record<
    Extract<PayHandle, { kind: 'invoke' }>['method'],
    (parameters: Readonly<Record<string, string>>) => Promise<void>
  >
> = { 'wechat-jsapi': weixin, 'alipay-trade': alipay };

function weixin(parameters: Readonly<Record<string, string>>): Promise<void> {
  return bridge('WeixinJSBridge').then(
    () =>
      new Promise((resolve) => {
        const there = window.WeixinJSBridge;
        if (there === undefined) resolve();
        else
          there.invoke('getBrandWCPayRequest', parameters, () => {
            resolve();
          });
      }),
  );
}

function alipay(parameters: Readonly<Record<string, string>>): Promise<void> {
  return bridge('AlipayJSBridge').then(
    () =>
      new Promise((resolve) => {
        const there = window.AlipayJSBridge;
        if (there === undefined) resolve();
        else
          there.call('tradePay', parameters, () => {
            resolve();
          });
      }),
  );
}

/** A wallet may put its bridge in after the page began. */
function bridge(name: 'WeixinJSBridge' | 'AlipayJSBridge'): Promise<void> {
  if (window[name] !== undefined) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener(`${name}Ready`, () => {
      resolve();
    });
  });
}
