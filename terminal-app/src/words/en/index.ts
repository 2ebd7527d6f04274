import { end } from './end.ts';
import { machine } from './machine.ts';
import { receipt } from './receipt.ts';
import { staff } from './staff.ts';
import { voice } from './voice.ts';

export const en = { ...receipt, ...staff, ...voice, ...machine, ...end };
