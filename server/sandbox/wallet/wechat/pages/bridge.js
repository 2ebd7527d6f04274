// What WeChat's own browser gives to a page inside it, as far as a payment needs it. A browser that stands in for
// WeChat's runs this before the page: `WECHAT_SANDBOX_URL` says where the wallet is, when the script's own address
// does not.

(() => {
  const home = globalThis.WECHAT_SANDBOX_URL ?? new URL(document.currentScript.src).origin;

  /** `getBrandWCPayRequest`: the wallet opens over the page and says how it ended, which proves nothing. */
  function pay(parameters, done) {
    const sheet = window.open(`${home}/wechat/pay?${new URLSearchParams(parameters)}`);
    const watching = setInterval(() => {
      if (sheet?.closed) finish('cancel');
    }, 300);
    const hear = ({ data, source }) => {
      if (source === sheet && data?.wallet === 'wechat') finish(data.outcome);
    };
    function finish(outcome) {
      clearInterval(watching);
      window.removeEventListener('message', hear);
      done({ err_msg: `get_brand_wcpay_request:${outcome}` });
    }
    window.addEventListener('message', hear);
  }

  globalThis.WeixinJSBridge = {
    invoke(name, parameters, done = () => undefined) {
      if (name === 'getBrandWCPayRequest') pay(parameters, done);
      else done({ err_msg: `${name}:fail` });
    },
    call: () => undefined,
    on: () => undefined,
  };
  document.dispatchEvent(new Event('WeixinJSBridgeReady'));
})();
