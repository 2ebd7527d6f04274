import type { AtKiosk } from './purchase-kit.ts';
import { Phone } from '../../build/judge/journey/phone.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';

/** A household whose phone is bound, and what its phone shows for a kiosk. */
export interface BoundHousehold extends WorldHousehold {
  readonly proof: () => Promise<string>;
}

export async function bound({ stack, sandbox }: AtKiosk): Promise<BoundHousehold> {
  const home = await sandbox.household('SLE4442');
  const phone = await Phone.begin({ webUrl: stack.urls.webUrl });
  const id = await phone.bind(home.customerNo, (number) => sandbox.textedCode(number));
  return { ...home, proof: () => phone.proof(id) };
}

/** From the start screen by number and proof to the code for ¥50. */
export async function toCodeWithoutCard(
  { kiosk }: AtKiosk,
  { customerNo, proof }: BoundHousehold,
): Promise<void> {
  await kiosk.press('没有带卡？用户号充值');
  await kiosk.reads('用电户号是多少？');
  await kiosk.type(customerNo);
  await kiosk.press('下一步');
  await kiosk.reads('手机上的 6 位数字是多少？', customerNo.slice(-4));
  await kiosk.type(await proof());
  await kiosk.press('确定');
  await kiosk.reads('这是您家吗？', `****${customerNo.slice(-4)}`);
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  await kiosk.page.locator('.qr').waitFor();
}
