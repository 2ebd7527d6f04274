import type { AlertNoticeKind } from '@bianmin/purchase/api/alerts';
import { chinaClock } from '../../kernel/china-time.ts';
import type { Alert } from './alert.ts';
import { BOOK, runbookOf } from './book.ts';
import { CHINESE } from './chinese.ts';

const SEVERITIES = { critical: '严重', warning: '一般' } as const;
const KINDS: Readonly<Record<AlertNoticeKind, string>> = {
  ...{ opened: '告警', worse: '告警加重', escalated: '告警升级', reminder: '告警仍在', resolved: '告警解除' },
};

/** What is said of one alert. Nothing of a household is in it. */
export interface Words {
  /** Of a place, as people call it. */
  readonly place: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
}

/** `MM-DD hh:mm` in China. */
function clockOf(at: Date): string {
  return chinaClock(at).slice(5, 16).replace('T', ' ');
}

/** Short and in Chinese: what is wrong and where, since when, where to look, what to do. */
export function noticeText(kind: AlertNoticeKind, alert: Alert, { place, publicUrl }: Words): string {
  const { title, page } = BOOK[alert.rule];
  const line = CHINESE[alert.rule](alert);
  const head = `【便民${KINDS[kind]}】${SEVERITIES[alert.severity]}：${title}`;
  if (kind === 'resolved') {
    const until = alert.resolvedAt === null ? '' : ` 至 ${clockOf(alert.resolvedAt)}`;
    return `${head}\n${place}：${line}\n${clockOf(alert.since)}${until}，现已恢复`;
  }
  const seen = alert.acknowledged === null ? '尚无人确认' : `${alert.acknowledged.by.name} 已确认`;
  return [
    head,
    `${place}：${line}`,
    `自 ${clockOf(alert.since)} 起，${seen}`,
    `查看：${publicUrl}/admin${page}`,
    `处理：${runbookOf(alert.rule)}`,
  ].join('\n');
}

/** The length that every robot takes: 2,048 bytes of text, the least of the three. */
const MOST_BYTES = 1_900;

/** Several in one message, as many as fit; what does not fit is in the console. */
export function joined(texts: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    bytes += Buffer.byteLength(text) + 2;
    if (kept.length > 0 && bytes > MOST_BYTES) break;
    kept.push(text);
  }
  const left = texts.length - kept.length;
  return [...kept, ...(left === 0 ? [] : [`另有 ${left} 条，见管理台“告警”`])].join('\n\n');
}
