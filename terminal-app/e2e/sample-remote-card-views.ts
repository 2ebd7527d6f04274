import {
  CARD_SESSION_ENDS,
  CARD_SESSION_KINDS,
  CARD_SESSION_REASON_LENGTH,
} from '@bianmin/purchase/api/card-session';
import { REMOTE_VERBS } from '@bianmin/purchase/remote-card/permitted';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';

/** As long as a reason may be. */
const reason = '电表提示写卡不完整，住户在服务点，需要远程查看并重新写卡。'
  .repeat(5)
  .slice(0, CARD_SESSION_REASON_LENGTH);
const askedBy = '天山区客服-阿依古丽';
const working = {
  state: 'working',
  kind: 'rewrite',
  askedBy,
  reason,
  card: 'held',
  doing: null,
  progress: null,
  done: 2,
} as const;

/** One of each screen of a remote card session, with the longest words that the field would bring. */
export const SAMPLE_REMOTE_CARD_VIEWS: Readonly<Record<string, RemoteCardView>> = {
  ...Object.fromEntries(
    CARD_SESSION_KINDS.map((kind) => [
      `remote-asked-${kind}`,
      { state: 'asked', kind, askedBy, reason, busy: kind === 'replace' },
    ]),
  ),
  'remote-none': { ...working, card: 'none', done: 0 },
  'remote-wanted': { ...working, card: 'wanted', done: 0, reason: '电表不认卡' },
  'remote-held': working,
  ...Object.fromEntries(
    REMOTE_VERBS.map((verb) => [
      `remote-${verb}`,
      {
        ...working,
        doing: { n: 3, verb },
        progress: verb === 'write' ? { phase: 'write', fraction: 0.55 } : null,
      },
    ]),
  ),
  ...Object.fromEntries(CARD_SESSION_ENDS.map((end) => [`remote-end-${end}`, { state: 'ended', end }])),
  'remote-end-key-refused': { state: 'ended', end: 'failed', failure: 'grid.key-refused' },
};
