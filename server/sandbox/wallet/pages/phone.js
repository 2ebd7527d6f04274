// The payer's phone: shows what a wallet shows after scanning a code, and pays it.

const WORDS = {
  'zh-CN': {
    sandbox: '沙箱钱包 · 不是真钱',
    other: 'English',
    title: '钱包',
    scanTitle: '扫一扫',
    scanHint: '这里列出正等着付款的二维码，点一下就相当于用手机扫了它。',
    noCodes: '现在没有等着付款的二维码。请先在缴费终端上选择金额。',
    merchant: '便民缴费 · 电费',
    pay: (amount) => `付款 ¥${amount}`,
    paying: '正在付款',
    dontPay: '不付，关掉',
    strange: '试试少见的情况',
    strangeHint: '遇到这些情况，钱也不会丢。',
    late: '晚点再付',
    lateSmall: '现在确认，钱在二维码过期以后才到',
    twice: '付两次',
    twiceSmall: '两部手机扫同一个码，都付成了',
    left: (text) => `请在 ${text} 内付款`,
    time: (m, s) => (m > 0 ? `${m} 分 ${s} 秒` : `${s} 秒`),
    number: (no) => `商户单号 ${no}`,
    another: '扫别的码',
    back: '返回商家',
    done: ['付款成功', '请看缴费终端的屏幕。'],
    donetwice: ['两次都付成了', '多付的一笔会自动退回。'],
    donelate: ['已确认，钱还没有到', '二维码过期以后钱才会到商户那里。'],
    stopped: ['没有付款', '没有扣钱。'],
    'unknown-code': ['这不是一个付款码', '请重新扫屏幕上的二维码。'],
    'dead-code': ['这个二维码已经换了', '请扫屏幕上最新的二维码。没有扣钱。'],
    expired: ['二维码过期了', '没有扣钱。请在终端上重新选择金额。'],
    closed: ['订单已经关闭', '没有扣钱。请在终端上重新选择金额。'],
    'already-paid': ['这一单已经付过了', '没有再扣钱。'],
    failed: ['钱包没有回答', '没有扣钱。请稍等再试。'],
  },
  en: {
    sandbox: 'Sandbox wallet · no real money',
    other: '中文',
    title: 'Wallet',
    scanTitle: 'Scan',
    scanHint: 'These codes wait to be paid. Tapping one is scanning it with this phone.',
    noCodes: 'No code waits to be paid. Choose an amount at the terminal first.',
    merchant: 'Bianmin · electricity',
    pay: (amount) => `Pay ¥${amount}`,
    paying: 'Paying',
    dontPay: 'Don’t pay, close',
    strange: 'Try something unusual',
    strangeHint: 'No money is lost in these either.',
    late: 'Pay late',
    lateSmall: 'Confirm now; the money arrives after the code has expired',
    twice: 'Pay twice',
    twiceSmall: 'Two phones scan one code, and both payments go through',
    left: (text) => `Pay within ${text}`,
    time: (m, s) => (m > 0 ? `${m} min ${s} s` : `${s} s`),
    number: (no) => `Merchant number ${no}`,
    another: 'Scan another code',
    back: 'Back to the merchant',
    done: ['Paid', 'Look at the terminal’s screen.'],
    donetwice: ['Both payments went through', 'The extra one is given back by itself.'],
    donelate: ['Confirmed, not arrived yet', 'The money arrives after the code has expired.'],
    stopped: ['Not paid', 'No money was taken.'],
    'unknown-code': ['This is not a payment code', 'Scan the code on the screen again.'],
    'dead-code': ['This code was replaced', 'Scan the newest code on the screen. No money was taken.'],
    expired: ['The code has expired', 'No money was taken. Choose the amount again at the terminal.'],
    closed: ['The order is closed', 'No money was taken. Choose the amount again at the terminal.'],
    'already-paid': ['Paid already', 'No more money was taken.'],
    failed: ['The wallet gave no answer', 'No money was taken. Try again in a moment.'],
  },
};

const MARKS = {
  done: 'M19 33l9 9 18-20',
  stopped: 'M20 32h24',
  refused: 'M22 22l20 20M42 22 22 42',
  waiting: 'M32 18v15l10 6',
};
/** What a page that called the wallet is told; it proves nothing. */
const PAGE_OUTCOMES = { done: 'ok', waiting: 'ok', stopped: 'cancel' };
const PAYMENT_REFRESH_MS = 2000;

const main = document.querySelector('#main');
const query = new URLSearchParams(location.search);
let language = query.get('lang') === 'en' ? 'en' : 'zh-CN';
const caller = callerOf(query);
let show = () => undefined;
let ticking;

/** How the page that brought the payer here is told; undefined where they scanned a code. */
function callerOf(given) {
  const bridge = given.get('bridge');
  if (bridge !== null) {
    return (outcome) => {
      window.opener?.postMessage({ wallet: bridge, outcome }, '*');
      window.close();
    };
  }
  const back = given.get('return_url') ?? '';
  return /^https?:/.test(back) ? () => location.assign(back) : undefined;
}

const words = () => WORDS[language];
/** Each wallet's name, from the project's own table. */
const BRANDS = await (await fetch('brands.json')).json();
const brands = () => BRANDS[language];
const yuan = (fen) => (fen / 100).toFixed(2);

function render(name) {
  clearInterval(ticking);
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

async function payments() {
  const response = await fetch('wallet/payments');
  if (!response.ok) throw new Error('no answer');
  return response.json();
}

function post(path, body) {
  return fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function showList() {
  show = showList;
  if (caller === undefined) history.replaceState(null, '', 'phone');
  render('list');
  const list = main.querySelector('.codes');
  const refresh = async () => {
    const open = (await payments()).filter((each) => each.payable);
    if (!list.isConnected) return;
    main.querySelector('.none').hidden = open.length > 0;
    list.replaceChildren(
      ...open.map((each) => {
        const button = document.createElement('button');
        button.type = 'button';
        for (const [tag, text] of [
          ['span', each.description],
          ['strong', `¥${yuan(each.totalFen)}`],
          ['small', [brands()[each.wallet], each.attach].filter(Boolean).join(' · ')],
        ]) {
          const part = document.createElement(tag);
          part.textContent = text;
          button.append(part);
        }
        button.addEventListener('click', () => showAsk(each));
        const item = document.createElement('li');
        item.append(button);
        return item;
      }),
    );
  };
  ticking = setInterval(() => refresh().catch(() => undefined), PAYMENT_REFRESH_MS);
  await refresh();
}

function showAsk(payment) {
  // What a wallet knows of a payment may begin here.
  post('wallet/scan', { codeUrl: payment.codeUrl }).catch(() => undefined);
  show = () => showAsk(payment);
  if (caller === undefined) {
    history.replaceState(null, '', `phone?code_url=${encodeURIComponent(payment.codeUrl)}`);
  }
  render('ask');
  main.querySelector('.what').textContent = payment.description;
  main.querySelector('.figure').textContent = yuan(payment.totalFen);
  main.querySelector('.number').textContent =
    `${brands()[payment.wallet]} · ${words().number(payment.outTradeNo)}`;
  main.querySelector('[data-mode=once]').textContent = words().pay(yuan(payment.totalFen));
  for (const mode of ['late', 'twice']) {
    const button = main.querySelector(`[data-mode=${mode}]`);
    const small = document.createElement('small');
    small.textContent = words()[`${mode}Small`];
    button.replaceChildren(words()[mode], small);
  }
  const left = main.querySelector('.left');
  const count = () => {
    const seconds = Math.max(0, Math.ceil((payment.expiresAt - Date.now()) / 1000));
    if (seconds === 0) showResult('expired', payment);
    else left.textContent = words().left(words().time(Math.floor(seconds / 60), seconds % 60));
  };
  ticking = setInterval(count, 1000);
  for (const button of main.querySelectorAll('[data-mode]')) {
    button.addEventListener('click', () => {
      if (button.dataset.mode === 'close') showResult('stopped', payment);
      else void pay(payment, button.dataset.mode);
    });
  }
  count();
}

async function pay(payment, mode) {
  clearInterval(ticking);
  for (const button of main.querySelectorAll('button')) button.disabled = true;
  main.querySelector('[data-mode=once]').textContent = words().paying;
  try {
    const response = await post('wallet/pay', { codeUrl: payment.codeUrl, mode });
    const answer = await response.json();
    if (!response.ok) showResult(answer.code in WORDS.en ? answer.code : 'failed', payment);
    else showResult(mode === 'once' ? 'done' : `done${mode}`, payment);
  } catch {
    showResult('failed', payment);
  }
}

function showResult(outcome, payment) {
  show = () => showResult(outcome, payment);
  render('result');
  const look =
    { done: 'done', donetwice: 'done', donelate: 'waiting', stopped: 'stopped', 'already-paid': 'stopped' }[
      outcome
    ] ?? 'refused';
  main.querySelector('.outcome').classList.add(look);
  main.querySelector('.outcome path').setAttribute('d', MARKS[look]);
  const [title, explanation] = words()[outcome];
  main.querySelector('h1').textContent = title;
  main.querySelector('.explain').textContent = explanation;
  main.querySelector('.amount').hidden = look !== 'done' && look !== 'waiting';
  if (payment !== undefined) {
    main.querySelector('.figure').textContent = yuan(payment.totalFen * (outcome === 'donetwice' ? 2 : 1));
    main.querySelector('.number').textContent = words().number(payment.outTradeNo);
  }
  const button = main.querySelector('[data-mode=list]');
  if (caller === undefined) {
    button.addEventListener('click', () => void showList());
    return;
  }
  button.textContent = words().back;
  button.addEventListener('click', () => caller(PAGE_OUTCOMES[look] ?? 'fail'));
}

/** What a scan of this code says: ask, or why it cannot be paid. */
async function showCode(codeUrl) {
  const payment = (await payments()).find((each) => each.codeUrl === codeUrl);
  if (payment === undefined) showResult('unknown-code');
  else if (payment.payable) showAsk(payment);
  else if (payment.transactions.length > 0) showResult('already-paid', payment);
  else showResult(payment.expiresAt <= Date.now() ? 'expired' : 'closed', payment);
}

document.querySelector('#language').addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  applyWords();
  show();
});

applyWords();
const code = query.get('code_url');
(code === null ? showList() : showCode(code)).catch(() => showResult('failed'));
