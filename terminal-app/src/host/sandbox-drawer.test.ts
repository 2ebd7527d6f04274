import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { SandboxDrawer } from './sandbox-drawer.ts';

const READER = 'kiosk-1';

let server: Server;
let url: string;
let place: unknown = { in: 'drawer' };
let hands: string[] = [];
let broken = false;

beforeEach(async () => {
  [place, hands, broken] = [{ in: 'drawer' }, [], false];
  server = createServer((request, response) => {
    if (request.method === 'POST') hands.push(request.url ?? '');
    if (broken) response.writeHead(500).end();
    else if (request.method === 'POST') response.writeHead(204).end();
    else
      response.end(
        JSON.stringify([{ id: 'a', label: '张* · SLE4442', chip: 'SLE4442', meterNo: null, place }]),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function drawer(onChange: () => void = () => undefined): SandboxDrawer {
  return new SandboxDrawer({
    sandboxUrl: url,
    walletUrl: 'http://wallet.example/',
    readerId: READER,
    clock: systemClock,
    onChange,
    onFault: () => undefined,
  });
}

describe('the drawer', () => {
  it('puts a card in, and takes the one out that is there', async () => {
    const hand = drawer();
    await hand.insert('a');
    expect(hands).toEqual([`/world/readers/${READER}/insert`]);
    place = { in: 'reader', readerId: READER };
    await hand.insert('b');
    expect(hands.slice(1)).toEqual([`/world/readers/${READER}/eject`, `/world/readers/${READER}/insert`]);
    expect(hand.status.cards).toMatchObject([{ id: 'a', place: 'this-reader' }]);
    place = { in: 'reader', readerId: 'other' };
    await hand.eject();
    expect(hand.status.cards).toMatchObject([{ place: 'elsewhere' }]);
  });

  it('leads the phone to the code on the screen, and away from it', () => {
    let changes = 0;
    const hand = drawer(() => changes++);
    const pay: PurchaseView = {
      screen: 'pay',
      orderNo: '260115020000000001',
      faceFen: 5000,
      paidFen: 5000,
      discountFen: 0,
      channel: 'wechat',
      codeUrl: 'weixin://wxpay/bizpayurl?pr=a&b',
      expiresAt: null,
    };
    hand.show(pay);
    hand.show(pay);
    expect(hand.status.phoneUrl).toBe(
      'http://wallet.example/phone?code_url=weixin%3A%2F%2Fwxpay%2Fbizpayurl%3Fpr%3Da%26b',
    );
    hand.show({ ...pay, channel: 'any', codeUrl: 'http://server.example/p/AAAAAAAAAAAAAAAAAAAAAA' });
    expect(hand.status.phoneUrl).toBe('http://server.example/p/AAAAAAAAAAAAAAAAAAAAAA');
    hand.show({ screen: 'reading' });
    expect(hand.status.phoneUrl).toBeNull();
    expect(changes).toBe(3);
  });

  it('fails by name when the sandbox does not do it', async () => {
    broken = true;
    await expect(drawer().eject()).rejects.toMatchObject({ code: 'sandbox.unavailable' });
  });
});
