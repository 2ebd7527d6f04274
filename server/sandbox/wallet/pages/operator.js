// The operator's page: what the wallet booked, and its fault knobs.

const REFRESH_MS = 2000;
const yuan = (fen) => (fen / 100).toFixed(2);
const time = (ms) => new Date(ms).toLocaleString('zh-CN', { hour12: false });
const find = (selector) => document.querySelector(selector);

function cell(text, ...classes) {
  const td = document.createElement('td');
  td.classList.add(...classes);
  td.textContent = text;
  return td;
}

function stateCell(state) {
  const td = cell('');
  const span = document.createElement('span');
  span.className = `state ${state}`;
  span.textContent = state;
  td.append(span);
  return td;
}

function notices(list) {
  return list.map((each) => `${each.event} ${each.status} ×${each.attempts.length}`).join('\n');
}

function fill(table, rows, columns) {
  const body = find(`#${table} tbody`);
  if (rows.length === 0) {
    const empty = cell('没有 / None', 'empty');
    empty.colSpan = columns;
    const row = document.createElement('tr');
    row.append(empty);
    body.replaceChildren(row);
    return;
  }
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement('tr');
      row.append(...cells);
      return row;
    }),
  );
}

async function get(path) {
  const response = await fetch(path);
  return response.json();
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  find('#message').textContent = response.ok ? '好了 / Done' : answer.message;
  await refresh();
}

/** The knobs are of the wallet that is chosen. */
const wallet = () => find('#wallet').value;
const faultsPath = () => `wallet/faults?wallet=${wallet()}`;

async function refresh() {
  const [payments, refunds, faults] = await Promise.all(
    ['wallet/payments', 'wallet/refunds', faultsPath()].map(get),
  );
  fill(
    'payments',
    payments.map((each) => [
      cell(time(each.createdAt)),
      cell(each.wallet),
      cell(each.outTradeNo),
      cell(each.description, 'words'),
      cell(yuan(each.totalFen), 'money'),
      stateCell(each.state),
      cell(each.transactions.map(({ id }) => id).join('\n'), 'words'),
      cell(notices(each.notifications), 'words'),
    ]),
    8,
  );
  fill(
    'refunds',
    refunds.map((each) => [
      cell(time(each.createdAt)),
      cell(each.wallet),
      cell(each.outRefundNo),
      cell(each.transactionId),
      cell(yuan(each.refundFen), 'money'),
      stateCell(each.status),
      cell(each.reason ?? '', 'words'),
      cell(notices(each.notifications), 'words'),
    ]),
    8,
  );
  find('#faults').textContent = JSON.stringify(faults, null, 2);
}

function options(form, name, values) {
  find(`#${form} [name=${name}]`).replaceChildren(...values.map((value) => new Option(value, value)));
}

async function start() {
  const [kinds, wallets] = await Promise.all(['wallet/fault-kinds', 'wallet/wallets'].map(get));
  find('#wallet').replaceChildren(...wallets.map((each) => new Option(each, each)));
  find('#wallet').addEventListener('change', () => void refresh());
  options('api', 'on', kinds.operations);
  options('api', 'kind', kinds.api);
  options('notify', 'on', ['payment', 'refund', 'any']);
  options('notify', 'kind', kinds.notify);
  for (const form of ['api', 'notify']) {
    find(`#${form}`).addEventListener('submit', (event) => {
      event.preventDefault();
      const { times, delayMs, ...entry } = Object.fromEntries(new FormData(event.target));
      const numbers = {
        times: Number(times),
        ...(delayMs === undefined ? {} : { delayMs: Number(delayMs) }),
      };
      void post('wallet/faults', { wallet: wallet(), [form]: [{ ...entry, ...numbers }] });
    });
  }
  const toggles = {
    outage: (now) => ({ outage: !now.outage }),
    rotate: (now) => ({
      signWith: now.signWith === 'publicKeyMode' ? 'certificateMode' : 'publicKeyMode',
    }),
    reset: () => ({ reset: true }),
  };
  for (const [id, change] of Object.entries(toggles)) {
    find(`#${id}`).addEventListener('click', async () => {
      await post('wallet/faults', { wallet: wallet(), ...change(await get(faultsPath())) });
    });
  }
  find('#late').addEventListener('click', () => void post('wallet/settle-late', {}));
  setInterval(() => refresh().catch(() => undefined), REFRESH_MS);
  await refresh();
}

await start();
