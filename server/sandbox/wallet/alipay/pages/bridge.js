// What Alipay's own browser gives to a page inside it, as far as a payment needs it. A browser that stands in for
// Alipay's runs this before the page: `ALIPAY_SANDBOX_URL` says where the wallet is, when the script's own address
// does not.

(() => {
  const home = globalThis.ALIPAY_SANDBOX_URL ?? new URL(document.currentScript.src).origin;

  /** `tradePay`: the cashier opens over the page and says how it ended. */
  function tradePay({ tradeNO }, done) {
    const cashier = window.open(`${home}/alipay/cashier?trade_no=${encodeURIComponent(tradeNO)}`);
    const hear = ({ data, source }) => {
      if (source !== cashier || data?.wallet !== 'alipay') return;
      window.removeEventListener('message', hear);
      done({ resultCode: data.resultCode });
    };
    window.addEventListener('message', hear);
  }

  globalThis.AlipayJSBridge = {
    call(name, parameters, done = () => undefined) {
      if (name === 'tradePay') tradePay(parameters, done);
      else done({ error: 1, errorMessage: 'not implemented' });
    },
  };
  document.dispatchEvent(new Event('AlipayJSBridgeReady'));
})();
