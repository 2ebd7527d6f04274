// Alipay's cashier: where a phone's browser is sent to pay, and what opens over a page inside Alipay.

const WORDS = {
  'zh-CN': {
    title: '支付宝收银台',
    sandbox: '沙箱支付宝 · 不是真钱',
    other: 'English',
    merchant: '便民缴费 · 电费',
    pay: (amount) => `付款 ¥${amount}`,
    paying: '正在付款',
    leave: '不付了，返回',
    back: '返回商家',
    number: (no) => `商户单号 ${no}`,
    done: ['付款成功', '结果以缴费页面为准。'],
    'unknown-code': ['没有这笔订单', '没有扣钱。请返回重新选择。'],
    'dead-code': ['这笔订单已经换了', '没有扣钱。请返回重新选择。'],
    expired: ['付款时间已过', '没有扣钱。请返回重新选择。'],
    closed: ['订单已经关闭', '没有扣钱。请返回重新选择。'],
    'already-paid': ['这一单已经付过了', '没有再扣钱。'],
    failed: ['支付宝没有回答', '请返回，看缴费页面上的结果。'],
  },
  en: {
    title: 'Alipay cashier',
    sandbox: 'Sandbox Alipay · no real money',
    other: '中文',
    merchant: 'Bianmin · electricity',
    pay: (amount) => `Pay ¥${amount}`,
    paying: 'Paying',
    leave: 'Don’t pay, go back',
    back: 'Back to the merchant',
    number: (no) => `Merchant number ${no}`,
    done: ['Paid', 'What counts is what the electricity page says.'],
    'unknown-code': ['There is no such order', 'No money was taken. Go back and choose again.'],
    'dead-code': ['This order was replaced', 'No money was taken. Go back and choose again.'],
    expired: ['The time to pay is over', 'No money was taken. Go back and choose again.'],
    closed: ['The order is closed', 'No money was taken. Go back and choose again.'],
    'already-paid': ['Paid already', 'No more money was taken.'],
    failed: ['Alipay gave no answer', 'Go back and see what the electricity page says.'],
  },
};

/** What `tradePay` tells the page that called it. */
const RESULT = { paid: '9000', left: '6001', failed: '4000' };

const query = new URLSearchParams(location.search);
const tradeNo = query.get('trade_no');
const codeUrl =
  tradeNo === null ? query.get('code_url') : `alipays://platformapi/startapp?tradeNO=${tradeNo}`;
const main = document.querySelector('#main');
let language = query.get('lang') === 'en' ? 'en' : 'zh-CN';
let show = () => undefined;

const words = () => WORDS[language];

function render(name) {
  main.replaceChildren(document.querySelector(`#${name}`).content.cloneNode(true));
  applyWords();
}

function applyWords() {
  document.documentElement.lang = language;
  document.title = words().title;
  document.querySelector('#language').textContent = words().other;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = words()[element.dataset.text];
  }
}

async function wallet(path) {
  const response = await fetch(`/wallet/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ codeUrl }),
  });
  return { ok: response.ok, answer: await response.json() };
}

function showAsk(payment) {
  show = () => showAsk(payment);
  render('ask');
  const amount = (payment.totalFen / 100).toFixed(2);
  main.querySelector('.what').textContent = payment.description;
  main.querySelector('.figure').textContent = amount;
  main.querySelector('.number').textContent = words().number(payment.outTradeNo);
  const pay = main.querySelector('[data-act=pay]');
  pay.textContent = words().pay(amount);
  pay.addEventListener('click', async () => {
    for (const button of main.querySelectorAll('button')) button.disabled = true;
    pay.textContent = words().paying;
    try {
      const { ok, answer } = await wallet('pay');
      if (ok) finish('done', RESULT.paid);
      else finish(answer.code in WORDS.en ? answer.code : 'failed', RESULT.failed);
    } catch {
      finish('failed', RESULT.failed);
    }
  });
  main.querySelector('[data-act=leave]').addEventListener('click', () => leave(RESULT.left));
}

function finish(outcome, result) {
  show = () => finish(outcome, result);
  render('result');
  const [title, explanation] = words()[outcome];
  main.querySelector('h1').textContent = title;
  main.querySelector('.explain').textContent = explanation;
  main.querySelector('[data-act=back]').addEventListener('click', () => leave(result));
  if (window.opener !== null) leave(result);
}

/** Back to the page that sent the payer here. What is said on the way proves nothing. */
function leave(resultCode) {
  if (window.opener !== null) {
    window.opener.postMessage({ wallet: 'alipay', resultCode }, '*');
    window.close();
    return;
  }
  const back = query.get('return_url');
  if (back === null) history.back();
  else location.assign(back);
}

document.querySelector('#language').addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  applyWords();
  show();
});

applyWords();
wallet('scan')
  .then(({ ok, answer }) =>
    ok ? showAsk(answer) : finish(answer.code in WORDS.en ? answer.code : 'failed', RESULT.failed),
  )
  .catch(() => finish('failed', RESULT.failed));
