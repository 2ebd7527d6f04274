import { account } from './account.ts';
import { cash } from './cash.ts';
import { end } from './end.ts';
import { machine } from './machine.ts';
import { purchase } from './purchase.ts';
import { receipt } from './receipt.ts';
import { remote } from './remote.ts';
import { sandbox } from './sandbox.ts';
import { shift } from './shift.ts';
import { staff } from './staff.ts';
import { voice } from './voice.ts';

export const zhCN = {
  ...account,
  ...purchase,
  ...cash,
  ...remote,
  ...sandbox,
  ...receipt,
  ...shift,
  ...staff,
  ...voice,
  ...machine,
  ...end,
};
