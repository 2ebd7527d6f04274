import { z } from 'zod';
import type { Books } from './books.ts';
import { PROBLEMS } from './wechat/complaints.ts';

const text = z.string().trim().min(1).max(300);
const fileRequest = z.strictObject({
  outTradeNo: z.string().min(1).max(64),
  problem: z.enum(PROBLEMS).default('OTHERS'),
  text,
});
const wordsRequest = z.strictObject({ id: z.string().min(1).max(64), text });

/** What payers do about complaints; only WeChat's wallet takes any. undefined: no such page. */
export function complaintControl(books: Books, what: string, body: unknown): unknown {
  const { dialect, ledger, world } = books.named('wechat');
  const { complaints } = dialect;
  if (complaints === undefined) return undefined;
  switch (what) {
    case 'GET /wallet/complaints':
      return complaints.all();
    case 'POST /wallet/complaints': {
      const id = complaints.file(ledger, fileRequest.parse(body));
      world.complained(id, 'COMPLAINT.CREATE', 'CREATE_COMPLAINT');
      return { id };
    }
    case 'POST /wallet/complaints/words': {
      const { id, text: words } = wordsRequest.parse(body);
      complaints.addWords(id, words);
      world.complained(id, 'COMPLAINT.STATE_CHANGE', 'CONTINUE_COMPLAINT');
      return { id };
    }
    default:
      return undefined;
  }
}
