import { auditHeadsFile } from '@bianmin/purchase/api/audit';
import { call } from '../../api/call.ts';
import { saveFile } from '../../api/download.ts';

/** All heads as the file that `npm run audit -- check` takes. */
export async function keepHeads(): Promise<void> {
  const heads = await call({ path: '/v1/admin/audit/heads', response: auditHeadsFile });
  const name = `audit-heads-${heads.at.replace(/\D/g, '').slice(0, 14)}.json`;
  saveFile(new Blob([JSON.stringify(heads, null, 2)], { type: 'application/json' }), name);
}
